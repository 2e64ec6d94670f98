"""All that learning depends on, between two batches: as tensors, and as bytes."""

import io
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.adamw import adamw

BETAS = (0.9, 0.999)
EPSILON = 1e-8


@dataclass
class State:
    """Where learning is.

    The parameters are one tensor, of which those of the network are views, and so are their gradients, the two moments
    of AdamW (Loshchilov and Hutter, 2019) and the best parameters up to now. Chance is no part of it: each batch has a
    generator of its own, by its number.
    """

    parameters: Tensor
    gradients: Tensor
    first: Tensor
    second: Tensor
    best: Tensor
    updates: Tensor
    epoch: int = 0
    batch: int = 0
    best_epoch: int = 0
    best_loss: float = float("inf")

    def update(self, rate: float, decay: float) -> None:
        """Take the step that the gradients say, and forget them."""
        adamw(
            [self.parameters],
            [self.gradients],
            [self.first],
            [self.second],
            [],
            [self.updates],
            fused=True,
            foreach=False,
            amsgrad=False,
            maximize=False,
            beta1=BETAS[0],
            beta2=BETAS[1],
            eps=EPSILON,
            lr=rate,
            weight_decay=decay,
        )
        self.gradients.zero_()

    def packed(self) -> bytes:
        """Write it as arrays."""
        buffer = io.BytesIO()
        tensors = {name: getattr(self, name).detach().cpu().numpy() for name in _TENSORS}
        np.savez(buffer, **tensors, counts=[self.epoch, self.batch, self.best_epoch], loss=self.best_loss)
        return buffer.getvalue()

    def unpack(self, content: bytes) -> None:
        """Become what `packed` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            for name in _TENSORS:
                getattr(self, name).copy_(torch.from_numpy(arrays[name]))
            self.epoch, self.batch, self.best_epoch = arrays["counts"].tolist()
            self.best_loss = float(arrays["loss"])


_TENSORS = ("parameters", "first", "second", "best", "updates")


def begin(network: nn.Module) -> State:
    """Return the state in which nothing is learnt; from now on the network has its parameters in there."""
    with torch.no_grad():
        own = [*network.parameters()]
        flat = torch.cat([parameter.reshape(-1) for parameter in own])
        gradients, first, second = (torch.zeros_like(flat) for _ in range(3))
        start = 0
        for parameter in own:
            end = start + parameter.numel()
            parameter.data = flat[start:end].view(parameter.shape)
            parameter.grad = gradients[start:end].view(parameter.shape)
            start = end
        return State(flat, gradients, first, second, flat.clone(), torch.zeros((), device=flat.device))
