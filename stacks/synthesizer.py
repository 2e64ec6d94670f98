"""How the stacks find what `cdk bootstrap` made."""

import aws_cdk as cdk


def synthesizer() -> cdk.DefaultStackSynthesizer:
    """Return a synthesizer for one stack: one that several share would list the assets of all of them in each.

    The CLI checks the bootstrap version itself; the rule would put a parameter into every template.
    """
    return cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
