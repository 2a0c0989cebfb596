"""GraphCodeBERT: code with the data flow of its variables (Guo et al., ICLR 2021)."""

from codearch.embedding.backends._backend import PYTORCH, ROBERTA_FILES, Backend, Lengths

BACKEND = Backend(
    name="graphcodebert",
    title="GraphCodeBERT: code with the data flow of its variables",
    licence="MIT",  # as the authors' code; the model's own page names none
    input="graph",
    # The authors pool the first token after fine-tuning for search. As published, without that,
    # the first token was trained for nothing, and their own search without training averages.
    pooling="mean",
    dimension=768,
    lengths=(Lengths(256, 64), Lengths(128, 32)),
    files=ROBERTA_FILES,
    source="https://arxiv.org/abs/2009.08366",
    repository="microsoft/graphcodebert-base",
    revision="2b0488a7bb0eefc7041f1bb2cad1ab26b0da269d",
    checksums={PYTORCH: "fc542850abf74be2df516bcdedfc2dcdb9bd02c8098a6d5f4d63da73cbcb9e71"},
    model_type="roberta",
    prefix=("<s>",),
    suffix=("</s>",),
    fallback="unixcoder",
)
