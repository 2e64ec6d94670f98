"""The steps of the state machine: in each file its states and exactly the permissions that they need."""
