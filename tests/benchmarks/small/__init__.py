"""Trainings on few clips, measured against all others: how many sounds does it take."""
