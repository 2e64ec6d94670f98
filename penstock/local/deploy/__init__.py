"""CloudFormation, for the local cloud: templates become resources, strictly."""
