"""Generators and discriminators; one architecture per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundgan.registry import Registry

if TYPE_CHECKING:
    from soundgan.models.contract import Discriminator, Generator

GENERATORS: Registry[type[Generator]] = Registry(
    "generator",
    {
        "convt": "soundgan.models.convt:ConvTGenerator",
        "dcgan": "soundgan.models.dcgan:DCGANGenerator",
        "resnet_r3gan": "soundgan.models.resnet_r3gan:ResNetGenerator",
        "mlp": "soundgan.models.mlp:MLPGenerator",
    },
)

DISCRIMINATORS: Registry[type[Discriminator]] = Registry(
    "discriminator",
    {
        "convt": "soundgan.models.convt:ConvTDiscriminator",
        "dcgan": "soundgan.models.dcgan:DCGANDiscriminator",
        "resnet9": "soundgan.models.resnet9:ResNet9Discriminator",
        "resnet_r3gan": "soundgan.models.resnet_r3gan:ResNetDiscriminator",
        "mlp": "soundgan.models.mlp:MLPDiscriminator",
    },
)
