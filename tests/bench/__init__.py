"""Tests of the benchmark that a job runs: made-up measurements, never a time of this machine."""
