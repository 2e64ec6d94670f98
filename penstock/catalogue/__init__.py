"""What SageMaker brings of its own: the images that Penstock can use."""
