"""The network's own hyperparameters."""

from runtime.training.hyperparameters import Rule, real, seed, whole

RULES = {
    "epochs": Rule(whole(1), "a whole number from 1", default=100),
    "patience": Rule(whole(1), "a whole number from 1", default=10),
    "batch_size": Rule(whole(1), "a whole number from 1", default=256),
    "learning_rate": Rule(real(1e-6, 1), "a number from 0.000001 to 1", default=0.001),
    "weight_decay": Rule(real(0, 1), "a number from 0 to 1", default=0.01),
    "hidden_layers": Rule(whole(0, 16), "a whole number from 0 to 16", default=2),
    "hidden_units": Rule(whole(1, 8192), "a whole number from 1 to 8192", default=128),
    "dropout": Rule(real(0, 0.9), "a number from 0 to 0.9", default=0.1),
    "seed": seed(),
}
