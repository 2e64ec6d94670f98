"""What the state machine cannot do by itself: one module for each state that needs code."""
