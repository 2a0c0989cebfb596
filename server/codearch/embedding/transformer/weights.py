"""Published weights become a network: RoBERTa's files, safetensors or PyTorch's."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from codearch.checked import learnt
from codearch.embedding.transformer.network import Network, Shape
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

WEIGHTS = ("model.safetensors", "pytorch_model.bin")  # in the order of preference
_PREFIXES = ("roberta.", "encoder.", "model.")  # under which checkpoints keep the encoder
_EMBEDDINGS = {
    "embeddings.word_embeddings.weight": "words.weight",
    "embeddings.position_embeddings.weight": "places.weight",
    "embeddings.token_type_embeddings.weight": "kind",
    "embeddings.LayerNorm.weight": "norm.weight",
    "embeddings.LayerNorm.bias": "norm.bias",
}
_LAYER = {
    "attention.self.query": "attention.query",
    "attention.self.key": "attention.key",
    "attention.self.value": "attention.value",
    "attention.output.dense": "attention.output",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "norm",
}


class Config(msgspec.Struct):
    """What a checkpoint's config.json says of its sizes, under its own names."""

    model_type: str
    vocab_size: int
    max_position_embeddings: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    layer_norm_eps: float = 1e-5
    hidden_act: str = "gelu"
    position_embedding_type: str = "absolute"
    pad_token_id: int = 1

    def shape(self, dimension: int) -> Shape:
        """Return the sizes of our network."""
        return Shape(
            vocabulary=self.vocab_size,
            positions=self.max_position_embeddings,
            hidden=self.hidden_size,
            layers=self.num_hidden_layers,
            heads=self.num_attention_heads,
            inner=self.intermediate_size,
            epsilon=self.layer_norm_eps,
            dimension=dimension,
        )


def read(folder: Path, dimension: int) -> tuple[Network, Shape]:
    """Read a checkpoint's folder; raises EncoderError that names the file and what is wrong."""
    shape = _config(folder).shape(dimension)
    network = Network(shape)
    wanted = network.state_dict()
    found = _renamed(_tensors(weights_file(folder)))
    for name in [name for name in wanted if name.startswith("head.")]:
        found.setdefault(name, wanted[name])  # a published encoder has none
    _check(folder, wanted, found)
    network.load_state_dict({name: found[name] for name in wanted})
    return network.eval(), shape


def has_head(folder: Path) -> bool:
    """Say whether a checkpoint brings a trained head; only what was trained here does."""
    path = weights_file(folder)
    return path.suffix == ".safetensors" and any(
        name.startswith("head.") for name in _safetensors(path)
    )


def write(folder: Path, network: Network, shape: Shape) -> None:
    """Write config.json and model.safetensors under the names of a published checkpoint."""
    from safetensors.torch import save_file  # noqa: PLC0415 - an extra

    config = Config(
        model_type="roberta",
        vocab_size=shape.vocabulary,
        max_position_embeddings=shape.positions,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        layer_norm_eps=shape.epsilon,
    )
    text = msgspec.json.encode({**msgspec.to_builtins(config), "type_vocab_size": 1})
    (folder / "config.json").write_bytes(msgspec.json.format(text) + b"\n")
    tensors = {
        _published(name): (value[None] if name == "kind" else value).detach().cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    save_file(tensors, folder / WEIGHTS[0])


def seeded(shape: Shape, seed: int) -> Network:
    """Return a network whose weights are drawn as RoBERTa's are before training."""
    generator = torch.Generator().manual_seed(seed)
    network = Network(shape)
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if weights.dim() > 1 and not name.startswith("head."):
                weights.normal_(0.0, 0.02, generator=generator)
            elif name.endswith("bias"):
                weights.zero_()
    return network.eval()


def weights_file(folder: Path) -> Path:
    """Return the file that holds the weights."""
    for name in WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    message = f"{folder} holds no weights: neither {' nor '.join(WEIGHTS)} is there."
    raise EncoderError(message, mend="Get them: `codearch models pull NAME`.")


def _config(folder: Path) -> Config:
    try:
        config = msgspec.json.decode((folder / "config.json").read_bytes(), type=learnt(Config))
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{folder / 'config.json'} cannot be used: {error}."
        raise EncoderError(message, mend="Pull the model again.") from error
    known = (config.model_type, config.hidden_act, config.position_embedding_type)
    if known != ("roberta", "gelu", "absolute"):
        message = f"{folder / 'config.json'} describes {known}, not RoBERTa with gelu."
        raise EncoderError(message, mend="Use a model of `codearch models list`.")
    return config


def _tensors(path: Path) -> dict[str, Tensor]:
    """Read a file's tensors and nothing else: no code in a pickle is ever run."""
    if path.suffix == ".safetensors":
        return _safetensors(path)
    try:
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, pickle.UnpicklingError, EOFError) as error:
        raise _unreadable(path, error) from error
    return {name: value for name, value in found.items() if isinstance(value, torch.Tensor)}


def _safetensors(path: Path) -> dict[str, Tensor]:
    """Map a file's tensors into memory."""
    from safetensors import SafetensorError  # noqa: PLC0415 - an extra
    from safetensors.torch import load_file  # noqa: PLC0415

    try:
        return dict(load_file(path))
    except (OSError, SafetensorError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> EncoderError:
    message = f"{path} cannot be read as weights: {str(error).splitlines()[0]}"
    return EncoderError(message, mend="Pull the model again.")


def _renamed(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the encoder's tensors under our names; heads for other tasks are passed over."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        ours = _ours(_without_prefix(name))
        if ours == "kind":
            found[ours] = tensor[0].float()
        elif ours:
            found[ours] = tensor.float()
    return found


def _without_prefix(name: str) -> str:
    for prefix in _PREFIXES:
        inner = name.removeprefix(prefix)
        if inner != name and inner.startswith(("embeddings.", "encoder.layer.")):
            return inner
    return name


def _ours(name: str) -> str:
    """Return our name of a published tensor, nothing for one that we do not have."""
    if name in _EMBEDDINGS or name.startswith("head."):
        return _EMBEDDINGS.get(name, name)
    if not name.startswith("encoder.layer."):
        return ""
    number, _, inner = name.removeprefix("encoder.layer.").partition(".")
    module, _, kind = inner.rpartition(".")
    return f"layers.{number}.{_LAYER[module]}.{kind}" if module in _LAYER else ""


def _published(name: str) -> str:
    """Return the published name of a tensor of ours; a head keeps its own."""
    for published, ours in _EMBEDDINGS.items():
        if ours == name:
            return published
    if not name.startswith("layers."):
        return name
    _, number, inner = name.split(".", 2)
    module, _, kind = inner.rpartition(".")
    published = next(theirs for theirs, ours in _LAYER.items() if ours == module)
    return f"encoder.layer.{number}.{published}.{kind}"


def _check(folder: Path, wanted: dict[str, Tensor], found: dict[str, Tensor]) -> None:
    missing = [name for name in wanted if name not in found]
    wrong = [name for name in wanted if name in found and found[name].shape != wanted[name].shape]
    if missing or wrong:
        what = f"lacks {missing[0]}" if missing else f"has {wrong[0]} in another shape"
        message = f"{weights_file(folder)} does not fit its config.json: it {what}."
        raise EncoderError(message, mend="Pull the model again.")
