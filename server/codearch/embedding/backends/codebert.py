"""CodeBERT: code and prose as one text (Feng et al., EMNLP 2020)."""

from codearch.embedding.backends._backend import PYTORCH, ROBERTA_FILES, Backend, Lengths

BACKEND = Backend(
    name="codebert",
    title="CodeBERT: code and prose as one text",
    licence="MIT",  # as the authors' code; the model's own page names none
    input="text",
    pooling="mean",  # as for GraphCodeBERT: nothing was trained to gather in the first token
    dimension=768,
    lengths=(Lengths(256), Lengths(128), Lengths(512)),
    files=ROBERTA_FILES,
    source="https://arxiv.org/abs/2002.08155",
    repository="microsoft/codebert-base",
    revision="3b0952feddeffad0063f274080e3c23d75e7eb39",
    checksums={PYTORCH: "28b61fd8fa069f6bc966f4cb9572a4026ab2a784fca8fb224020d91b744e32d6"},
    model_type="roberta",
    prefix=("<s>",),
    suffix=("</s>",),
)
