"""A resolver of names whose answers a test decides."""

from __future__ import annotations

import socket


class FakeResolver:
    """Stands for the resolver; each name has a list of answers, the last of which is repeated."""

    def __init__(self, monkeypatch, **answers: list[list[str]]):
        self.answers = {name.replace("_", "."): list(each) for name, each in answers.items()}  # fmt: skip
        self.asked: list[str] = []
        self.real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host, port, *args, **kwargs):
        self.asked.append(host)
        if host not in self.answers:
            return self.real(host, port, *args, **kwargs)
        answers = self.answers[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]  # fmt: skip
