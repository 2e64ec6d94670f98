"""The network: an embedding for each category, then layers over these and the numbers."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

# The width of an embedding grows slower than the number of categories (fastai's rule of thumb), and not far: a wide one
# of a column such as a product's number learns the rows by heart.
WIDEST = 8


class Network(nn.Module):
    """Reads standardised numbers [rows, n] and places of categories [rows, m]; answers with [rows, outputs].

    The last place of each embedding is for categories that are unknown.
    """

    def __init__(
        self, numbers: int, categories: Sequence[int], *, hidden: int, units: int, outputs: int, dropout: float
    ) -> None:
        super().__init__()
        self.embeddings = nn.ModuleList(nn.Embedding(known + 1, _width(known)) for known in categories)
        widths = [numbers + sum(_width(known) for known in categories), *[units] * hidden]
        self.layers = nn.ModuleList(nn.Linear(*pair) for pair in zip(widths, [*widths[1:], outputs], strict=True))
        self.dropout = nn.Dropout(dropout)

    def forward(self, numbers: Tensor, codes: Tensor) -> Tensor:
        """Return the outputs: of a regression the standardised prediction, otherwise what softmax makes probable."""
        parts = [numbers, *(embedding(codes[:, place]) for place, embedding in enumerate(self.embeddings))]
        flow = torch.cat(parts, dim=1)
        *hidden, last = self.layers
        for layer in hidden:
            flow = self.dropout(torch.relu(layer(flow)))
        answer: Tensor = last(flow)
        return answer


def _width(known: int) -> int:
    return min(WIDEST, round(1.6 * (known + 1) ** 0.56))
