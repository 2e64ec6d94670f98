"""The sections of pipeline.yaml, one a file. Each key's description is its documentation, also in docs/pipeline.md."""
