"""What a training job has to do.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
"""

from penstock.contract.training import failures, interruptions, outcome

CHECKS = (*outcome.CHECKS, *failures.CHECKS, *interruptions.CHECKS)
