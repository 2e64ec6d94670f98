# mypy: ignore-errors
"""Make requests up, send them one after another, and check each answer.

`python generate.py PORT NUMBER SEED`: one in five is made by schemathesis of the OpenAPI schema beside this file, valid
or not, the others by Hypothesis: rows, almost rows, arrays, files and noise, under right and wrong headers. Prints how
many answers there were of each status; at the first wrong answer it ends with the smallest such request that was found.
"""

import http.client
import io
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

SCHEMA = Path(__file__).with_name("invocations.openapi.yaml")
COLUMNS = 11
TYPES = ("text/csv", "application/json", "application/jsonlines", "application/x-npy", "application/x-parquet")
BATCH = 500  # examples of one run of Hypothesis: it keeps what it has tried
SERVER_ERROR = 500
ROW = "FDA15,9.3,Low Fat,0.016,Dairy,249.8,OUT049,1999,Medium,Tier 1,Supermarket Type1"

ODD = ["", " ", "nan", "inf", "-inf", "1e999", "1_000", "0x1F", "\ufeff", '"', '""', "'", ",", "NULL", "1,5", "\x00"]
KINDS = ["f4", "f8", "i8", "U5", "?"]
GOOD = "{},{},LF,{},Dairy,249.8,OUT049,1999,,Tier 1,Supermarket Type1\n"

cells = st.floats().map(str) | st.integers().map(str) | st.sampled_from(ODD) | st.text(max_size=10)
ends = st.sampled_from(["\n", "\r\n", "\r", "\n\n", ""])
tables = st.lists(st.lists(cells, min_size=1, max_size=COLUMNS + 1).map(",".join) | st.just(ROW), max_size=5)
texts = st.tuples(tables, ends).map(lambda table: table[1].join([*table[0], ""]))
encoded = st.tuples(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])).map(
    lambda text: text[0].encode(text[1], "replace")
)
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=COLUMNS) | st.dictionaries(st.text(max_size=10), inner, max_size=COLUMNS),
    max_leaves=30,
)
rows = st.lists(st.lists(st.floats() | st.text(max_size=5), min_size=COLUMNS, max_size=COLUMNS), max_size=4)
jsons = (values | rows | rows.map(lambda found: {"instances": found})).map(lambda value: json.dumps(value).encode())
deep = st.integers(1, 20_000).map(lambda depth: b"[" * depth)


def npy(drawn):
    """Write an array, or what claims to be one."""
    shape, kind, header, pickled = drawn
    file = io.BytesIO()
    np.save(file, np.zeros(shape, object if pickled else kind), allow_pickle=pickled)
    content = file.getvalue()
    return content.replace(b"'shape': (", b"'shape': (-", 1) if header else content


def parquet(table):
    """Write a table."""
    file = io.BytesIO()
    columns = {name or "-": [cell] * 2 for name, cell in table.items()}
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


shapes = st.lists(st.integers(0, COLUMNS + 1), max_size=3).map(tuple)
arrays = st.tuples(shapes, st.sampled_from(KINDS), st.booleans(), st.booleans()).map(npy)
parquets = st.dictionaries(st.text(max_size=10), st.floats() | st.text(max_size=5), max_size=3).map(parquet)
wholes = encoded | jsons | deep | arrays | parquets | st.binary(max_size=200) | st.just(ROW.encode())
spoilt = st.tuples(wholes, st.integers(0, 300), st.binary(max_size=4)).map(
    lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + len(parts[2]) :]
)
numbers = st.floats(-1e6, 1e6, width=32).map(str) | st.just("")
good = st.lists(st.tuples(st.text("abc \u00e9\u4e16", max_size=8), numbers, numbers), min_size=1, max_size=5).map(
    lambda rows: "".join(GOOD.format(*cells) for cells in rows)
)
visible = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)
matched = (
    st.tuples(st.just("text/csv"), good.map(str.encode) | encoded)
    | st.tuples(st.just("application/json"), jsons | deep)
    | st.tuples(st.just("application/jsonlines"), st.lists(jsons, max_size=4).map(b"\n".join))
    | st.tuples(st.just("application/x-npy"), arrays)
    | st.tuples(st.just("application/x-parquet"), parquets)
)
mixed = st.tuples(
    st.sampled_from(TYPES) | st.sampled_from(TYPES).map("{}; charset=utf-16".format) | visible, wholes | spoilt
)
more = st.fixed_dictionaries(
    {}, optional={"Accept": st.sampled_from(TYPES) | visible, "Content-Encoding": st.sampled_from(["gzip", "identity"])}
)
places = st.sampled_from(
    [("POST", "/invocations")] * 80
    + [("GET", path) for path in ("/ping", "/metrics", "/execution-parameters", "/invocations", "/nothing")]
    + [(method, "/invocations") for method in ("PUT", "DELETE", "HEAD", "OPTIONS")]
)
csv_rows = st.tuples(st.just("text/csv"), good.map(str.encode))
bodies = st.sampled_from([csv_rows, csv_rows, matched, mixed]).flatmap(lambda found: found)
requests_made_up = st.tuples(places, bodies, more | st.just({}))


class WrongAnswerError(Exception):
    """A fault of the server, or an error without a reason."""


class Client:
    """A kept connection, and what has been answered over it."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.statuses = Counter()

    def send(self, request):
        """Send a request, and check its answer."""
        (method, path), (content_type, body), more = request
        headers = {"Content-Type": content_type, **more}
        try:
            self.connection.request(method, path, body, headers)
        except (BrokenPipeError, ConnectionResetError):  # the server had closed after the answer before
            self.connection.close()
            self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        self.check(response.status, response.read(), without_body=method == "HEAD")

    def check(self, status, body, *, without_body=False):
        """Check an answer: no fault of the server, and a reason in JSON where it is an error."""
        self.statuses[status] += 1
        wrong = status >= SERVER_ERROR or b"Traceback" in body
        if status >= http.HTTPStatus.BAD_REQUEST and not without_body:
            wrong |= not json.loads(body)["error"]
        if wrong:
            raise WrongAnswerError(status, body)


def examples(number, start, strategy, check):
    """Draw so many examples, whatever Hypothesis thinks of their size and of the time that they take."""
    for first in range(0, number, BATCH):
        options = settings(
            max_examples=min(BATCH, number - first),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        )
        seed(start + first)(options(given(strategy)(check)))()


def written(_context, value):
    """Write a body that schemathesis has made up."""
    text = value if isinstance(value, str | bytes) else json.dumps(value)
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def main(port, number, start):
    """Send the requests, and print the statuses."""
    client = Client(int(port))
    number, start = int(number), int(start)
    for name in TYPES:
        schemathesis.serializer(name)(written)
    operation = schemathesis.openapi.from_path(Path(__file__).with_name("invocations.openapi.yaml"))["/invocations"][
        "POST"
    ]

    def call(case):
        response = case.call(base_url=f"http://127.0.0.1:{port}", session=session)
        client.check(response.status_code, response.content)

    with requests.Session() as session:
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            examples(number // 10, start, operation.as_strategy(generation_mode=mode), call)
    rest = number - sum(client.statuses.values())
    examples(rest, start, requests_made_up, client.send)
    print(json.dumps(client.statuses))


main(*sys.argv[1:])
