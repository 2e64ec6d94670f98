"""Each case breaks the tiny container's `serve` in one place, and one check has to find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from penstock.contract.limits import Limits

if TYPE_CHECKING:
    from penstock.contract.job import Job
    from tests.penstock.contract.conftest import Judge, MakeSubject

READY = "serve answers /ping with 200 once it can predict"
EACH_ROW = "serve predicts each row of CSV"
READS = "serve reads {}"
REFUSES = "serve refuses {}"
BATCH = "serve gives a row the same answer in any batch"
AT_ONCE = "serve answers 20 clients at once"
DRAINS = "serve answers what it has accepted before SIGTERM, and ends in time"
ENDS = "serve ends on {}"

CASES = {
    "a ping before the model": (
        READY,
        "server.model = json.loads(text)",
        "server.model = {}\n    threading.Timer(9, lambda: server.model.update(json.loads(text))).start()",
        "RemoteDisconnected",
    ),
    "a process that ends": (READY, "    server.serve_forever(poll_interval=0.02)", "    return 7", "exit code 7"),
    "every address": ("serve listens only where it is told", 'os.environ["BIND_HOST"]', '""', "127.0.0.2 too"),
    "a row without an answer": (
        EACH_ROW,
        "for row in rows]\n        except",
        "for row in rows[1:]]\n        except",
        "59",
    ),
    "answers that are no numbers": (EACH_ROW, "return str(known", "return 'about ' + str(known", "about"),
    "a header that it needs": (
        READS.format("CSV without a header"),
        "            del rows[0]",
        "            del rows[0]\n        elif media == 'text/csv':\n            raise RefusedError('Send a header.')",
        "400",
    ),
    "a header that it takes for a row": (
        READS.format("CSV without a header"),
        "if rows and rows[0] ==",
        "if rows !=",
        "59",
    ),
    "a byte order mark": (READS.format("CSV with a byte order mark and CRLF"), '"utf-8-sig"', '"utf-8"', "400"),
    "a charset": (READS.format("CSV with a charset in its type"), '.partition(";")[0]', "", "415"),
    "Accept": (
        READS.format("CSV, and answers JSON"),
        'self.headers["Accept"] == "application/json"',
        "False",
        "",
    ),
    "JSON that it does not read": (READS.format("JSON"), '["instances"]', '["rows"]', "400"),
    "JSON in another form": (
        READS.format("JSON, and answers JSON"),
        '{"predictions": values}',
        '{"values": values}',
        "",
    ),
    "answers that depend on the batch": (
        BATCH,
        "for row in rows]",
        "for row in [rows[0]] * len(rows)]",
        "row 2 is",
    ),
    "missing values": (
        "serve predicts rows with empty cells and unseen categories",
        "if row[0] and not is_number",
        "if not is_number",
        "400",
    ),
    "NaN that is passed on": (
        "serve predicts or refuses a number that is nan",
        "        if row[0] and",
        "        if row[0] == 'nan':\n            return row[0]\n        if row[0] and",
        "nan",
    ),
    "a wrong status": (REFUSES.format("an unknown content type (415)"), '"Send CSV.", 415', '"Send CSV."', "400"),
    "a type that is taken for granted": (
        REFUSES.format("a request without a content type (415)"),
        'self.headers["Content-Type"] or ""',
        'self.headers["Content-Type"] or "text/csv"',
        "200",
    ),
    "an empty body": (REFUSES.format("an empty body (400)"), "if not rows:", "if rows is None:", "200"),
    "ragged rows": (REFUSES.format("a row that is too long (400)"), "!= len(self", "< len(self", "200"),
    "short rows": (REFUSES.format("a row that is too short (400)"), "!= len(self", "> len(self", "200"),
    "text": (
        REFUSES.format("text in a column of numbers (400)"),
        'raise RefusedError("A size is no number.")',
        "row[0] = ''",
        "200",
    ),
    "a crash": (REFUSES.format("bytes that are not UTF-8 (400)"), "except UnicodeDecodeError", "except KeyError", ""),
    "JSON": (REFUSES.format("JSON that is none (400)"), "(ValueError, KeyError,", "(KeyError,", ""),
    "JSON without rows": (REFUSES.format("JSON without rows (400)"), "KeyError, TypeError,", "TypeError,", ""),
    "depth": (REFUSES.format("JSON that is too deep (400)"), ", RecursionError", "", ""),
    "no limit": (REFUSES.format("a body over 6 MiB (413)"), 'Send less.", 413', 'Send less."', "400"),
    "a traceback": (
        REFUSES.format("an empty body (400)"),
        'json.dumps({"error": str(error)})',
        "__import__('traceback').format_exc()",
        "a traceback",
    ),
    "a reason that is not in JSON": (
        REFUSES.format("an empty body (400)"),
        'json.dumps({"error": str(error)})',
        "str(error)",
        "Send rows.",
    ),
    "a process that a request ends": (
        REFUSES.format("an empty body (400)"),
        "except RefusedError as error:\n            self",
        "except RefusedError as error:\n            os._exit(9)\n            self",
        "RemoteDisconnected",
    ),
    "answers of others": (
        AT_ONCE,
        "rows = self.rows()\n",
        "Handler.shared = self.rows()\n            __import__('time').sleep(0.02)\n            rows = Handler.shared\n",
        "row",
    ),
    "no handler of SIGTERM": (DRAINS, "    signal.signal(", "    print(", "no handler"),
    "an end in the middle of requests": (
        DRAINS,
        "threading.Thread(target=server.shutdown).start()",
        "os._exit(0)",
        "4",
    ),
    "threads that are not waited for": (DRAINS, "daemon_threads = False", "daemon_threads = True", "4"),
    "a missing model": (
        ENDS.format("a missing model"),
        "        return 1\n    text",
        "        return 0\n    text",
        "exit code 0",
    ),
    "a model that is not checked": (
        ENDS.format("a model of which one bit is changed"),
        "if hashlib.sha256(text).hexdigest() != (",
        "if not (",
        "200",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_found(make_subject: MakeSubject, judge: Judge, trained: Job, case: str) -> None:
    title, old, new, found = CASES[case]
    subject = make_subject("answering.py", old, new)
    subject.first_job = (trained, 0)
    verdict = judge(title, subject)
    assert (verdict.outcome, found in verdict.found) == ("failed", True), verdict
    assert verdict.expected
    assert verdict.remedy.endswith(".")


def test_another_port(make_subject: MakeSubject, judge: Judge, trained: Job) -> None:
    old = '["SAGEMAKER_BIND_TO_PORT"])'
    subject = make_subject("answering.py", old, f"{old} - 1", limits=Limits(start_serve=1))
    subject.first_job = (trained, 0)
    verdict = judge(READY, subject)
    assert (verdict.outcome, verdict.found.partition(";")[0]) == ("failed", "not in 1 s")


def test_one_that_waits_for_a_model_that_will_not_come(make_subject: MakeSubject, judge: Judge, trained: Job) -> None:
    subject = make_subject(
        "answering.py", "        return 1\n    text", "        signal.pause()\n    text", limits=Limits(start_serve=0.5)
    )
    subject.first_job = (trained, 0)
    verdict = judge(ENDS.format("a missing model"), subject)
    assert (verdict.outcome, verdict.found) == ("failed", "it still runs after 0.5 s")


def test_one_that_ignores_sigterm(make_subject: MakeSubject, judge: Judge, trained: Job) -> None:
    old = "threading.Thread(target=server.shutdown).start()"
    subject = make_subject("answering.py", old, "None", limits=Limits(stop_serve=1))
    subject.first_job = (trained, 0)
    verdict = judge(DRAINS, subject)
    assert (verdict.outcome, verdict.found) == ("failed", "it ran on")


def test_a_server_that_never_listens_is_waited_for_once(make_subject: MakeSubject, judge: Judge, trained: Job) -> None:
    subject = make_subject("answering.py", "    server.serve_forever(poll_interval=0.02)", "    return 7")
    subject.first_job = (trained, 0)
    verdicts = [judge(title, subject) for title in (EACH_ROW, AT_ONCE)]
    assert {(verdict.outcome, verdict.reason) for verdict in verdicts} == {
        ("not applicable", "`serve` does not serve the model")
    }


def test_one_that_ends_after_its_answer_is_noticed_by_the_next_check(
    make_subject: MakeSubject, judge: Judge, trained: Job
) -> None:
    subject = make_subject()
    subject.first_job = (trained, 0)
    subject.server.process.stop(0)
    verdict = judge(EACH_ROW, subject)
    assert (verdict.outcome, verdict.found[:23]) == ("failed", "it ended with exit code")
    assert judge(EACH_ROW, subject).outcome == "passed"
