"""Tests: tables of facts about the program."""
