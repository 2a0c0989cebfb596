"""UniXcoder as an encoder: trained to bring code and comments together (Guo et al., ACL 2022).

Its published code (UniXcoder/unixcoder.py) writes `<s> <encoder-only> </s> code </s>` and averages
over all of these tokens.
"""

from codearch.embedding.backends._backend import PYTORCH, ROBERTA_FILES, Backend, Lengths

BACKEND = Backend(
    name="unixcoder",
    title="UniXcoder as an encoder: code and comments brought together",
    licence="Apache-2.0",
    input="text",
    pooling="mean",
    dimension=768,
    lengths=(Lengths(256), Lengths(128), Lengths(512)),
    files=ROBERTA_FILES,
    source="https://arxiv.org/abs/2203.03850",
    repository="microsoft/unixcoder-base",
    revision="5604afdc964f6c53782a6813140ade5216b99006",
    checksums={PYTORCH: "6732b60037b086557e4c731c3748c99b4fec735d9ffe3c4c70061fd142e6b9d9"},
    model_type="roberta",
    prefix=("<s>", "<encoder-only>", "</s>"),
    suffix=("</s>",),
    fallback="codebert",
)
