"""What SageMaker, and Penstock, ask of a container's programs, checked from outside: by processes, files and HTTP."""
