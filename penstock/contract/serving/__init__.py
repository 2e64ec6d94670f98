"""What a server of a model has to do.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from penstock.contract.serving import answers, load, models, refusals, start

CHECKS = (*start.CHECKS, *answers.CHECKS, *refusals.CHECKS, *load.CHECKS, *models.CHECKS)
