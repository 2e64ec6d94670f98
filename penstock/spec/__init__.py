"""What a user writes: the models of pipeline.yaml and environments.yaml, and how they are loaded."""

from penstock.spec.environment import Environment
from penstock.spec.pipeline import Pipeline
from penstock.spec.project import Project, load_project

__all__ = ["Environment", "Pipeline", "Project", "load_project"]
