"""The local cloud: runs what `cdk synth` wrote, with no AWS account and no Docker."""
