"""The counts of all workers as `GET /metrics` shows them."""

from runtime.serving.board import BORN, BUCKET, BUCKETS, PLACES, ROWS, SECONDS, STATUSES, Board


def written(board: Board) -> str:
    """Return the counts in Prometheus' text format."""
    lines = ["# HELP serving_requests_total Requests to /invocations, by the status of their answers."]
    lines.append("# TYPE serving_requests_total counter")
    lines += [f'serving_requests_total{{status="{status}"}} {board.total(PLACES[status]):.0f}' for status in STATUSES]
    lines += [
        "# HELP serving_request_seconds From a request's head to its answer.",
        "# TYPE serving_request_seconds histogram",
    ]
    below = 0.0
    for place, limit in enumerate([*map(str, BUCKETS), "+Inf"], BUCKET):
        below += board.total(place)
        lines.append(f'serving_request_seconds_bucket{{le="{limit}"}} {below:.0f}')
    lines += [f"serving_request_seconds_sum {board.total(SECONDS):.6f}", f"serving_request_seconds_count {below:.0f}"]
    for name, kind, value, meaning in (
        ("serving_rows_total", "counter", board.total(ROWS), "Rows that were predicted."),
        (
            "serving_worker_starts_total",
            "counter",
            board.total(BORN),
            "Workers that were started, replacements included.",
        ),
        ("serving_workers", "gauge", board.workers, "Workers that there should be."),
    ):
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", f"{name} {value:.0f}"]
    return "\n".join([*lines, ""])
