"""What providers' tokens look like, from their public documentation: one row each.

A row is tried where one of its anchors stands. The first group of the pattern, or all of it, is the
secret. That a token does not begin inside a word is asked for all rows alike, by who searches: a
pattern that begins with letters is found much faster than one that begins with a look behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.secrets import _checks

if TYPE_CHECKING:
    from collections.abc import Callable

_END = rb"(?![A-Za-z0-9_-])"


@dataclass(frozen=True)
class Provider:
    """One kind of token. `check` says whether a checksum fits, None where the token has none.

    `form` says of some whether what they are made of is what it has to be.
    """

    kind: str
    anchors: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    check: Callable[[bytes], bool | None] | None = None
    form: Callable[[bytes], bool] | None = None


def _row(
    kind: str,
    anchors: str,
    pattern: str,
    check: Callable[[bytes], bool | None] | None = None,
    form: Callable[[bytes], bool] | None = None,
) -> Provider:
    text = rb"(?:" + pattern.encode() + rb")" + _END
    return Provider(
        kind, tuple(each.encode() for each in anchors.split()), re.compile(text), check, form
    )


_W = r"[A-Za-z0-9_-]"  # the alphabet of base64 for URLs
_A = r"[A-Za-z0-9]"
_H = r"[0-9a-f]"

PROVIDERS = (
    # --- where code lies and packages come from ---
    _row(
        "GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_",
        rf"gh[pousr]_{_A}{{36,255}}",
        _checks.crc32_base62,
    ),
    _row("GitHub fine-grained token", "github_pat_", rf"github_pat_{_A}{{22}}_{_A}{{59}}"),
    _row(
        "GitLab token",
        "glpat- gldt- glrt- glptt- glcbt- glsoat- glft- glimt- glagent- gloas- glffct- glwt-",
        rf"gl(?:pat|dt|rt|ptt|cbt|soat|ft|imt|agent|oas|ffct|wt)-{_W}{{20,300}}(?:\.{_A}{{2,9}}){{0,2}}",
    ),
    _row("GitLab runner registration token", "GR1348941", rf"GR1348941{_W}{{20,50}}"),
    _row("Bitbucket app password", "ATBB", rf"ATBB{_A}{{32}}"),
    _row("Atlassian API token", "ATATT3 ATCTT3", r"AT[AC]TT3[A-Za-z0-9_=-]{60,250}"),
    _row("npm token", "npm_", rf"npm_{_A}{{36}}", _checks.crc32_base62),
    _row("PyPI token", "pypi-AgE", rf"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw){_W}{{50,}}"),
    _row("RubyGems key", "rubygems_", rf"rubygems_{_H}{{48}}"),
    _row("crates.io token", "cio", rf"cio{_A}{{32}}"),
    _row("NuGet key", "oy2", r"oy2[a-z0-9]{43}"),
    _row("Docker Hub token", "dckr_", rf"dckr_(?:pat|oat)_{_W}{{27,64}}"),
    _row("JFrog key", "AKCp", rf"AKCp{_A}{{60,80}}"),
    _row(
        "Sourcegraph token",
        "sgp_ slk_",
        rf"(?:sgp_(?:{_H}{{16}}_|local_)?{_H}{{40}}|slk_{_H}{{64}})",
    ),
    _row("Buildkite token", "bkua_ bkpat_", rf"bk(?:ua|pat)_{_A}{{40,64}}"),
    _row("CircleCI token", "CCIPAT_", rf"CCIPAT_{_A}{{10,30}}_{_H}{{40}}"),
    _row("Snyk token", "snyk_", rf"snyk_(?:uat|sat)\.{_W}{{20,}}(?:\.{_W}{{20,}})*"),
    _row("nkey seed of NATS", "SU SA SO SN SX SC", r"S[UAONXC][A-Z2-7]{56}", _checks.nkey_seed),
    # --- clouds ---
    _row("AWS access key", "AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}"),
    _row("Amazon MWS token", "amzn.mws.", rf"amzn\.mws\.{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}"),
    _row(
        "Amazon Bedrock key",
        "ABSK bedrock-api-key-",
        r"(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/]{100,280}={0,2}",
    ),
    _row("Google API key", "AIza", rf"AIza{_W}{{35}}"),
    _row("Google OAuth client secret", "GOCSPX-", rf"GOCSPX-{_W}{{28}}"),
    _row("Google OAuth access token", "ya29.", rf"ya29\.{_W}{{30,}}"),
    _row("Google OAuth refresh token", "1//0", rf"1//0{_W}{{38,110}}"),
    _row("Azure client secret", "7Q~ 8Q~", r"[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}"),
    _row("Azure DevOps token", "AZDO", rf"{_A}{{76}}AZDO{_A}{{4}}"),
    _row(
        "Azure key",
        "+ASt +ABa +AMC +ASb +AEh AzCa AzSe AzFu AIoT +ACR ACDb APIM",
        r"[A-Za-z0-9+/]{33,76}(?:\+ASt|\+ABa|\+AMC|\+ASb|\+AEh|\+ACR|AzCa|AzSe|AzFu|AIoT|ACDb|APIM)[A-Za-z0-9+/]{5,8}={0,2}",
    ),
    _row("Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{86}==)"),
    _row(
        "Azure shared access key",
        "SharedAccessKey=",
        r"SharedAccessKey=([A-Za-z0-9+/]{42,86}={1,2})",
    ),
    _row(
        "Azure shared access signature", "sig=", r"sig=([A-Za-z0-9%+/]{40,70}(?:%3D|=)(?:%3D|=)?)"
    ),
    _row("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", rf"do[opr]_v1_{_H}{{64}}"),
    _row("Heroku key", "HRKU-", rf"HRKU-{_W}{{36,64}}"),
    _row("Alibaba access key", "LTAI", rf"LTAI{_A}{{17,21}}"),
    _row("Tencent secret id", "AKID", rf"AKID{_A}{{32}}"),
    _row("Cloudflare origin key", "v1.0-", rf"v1\.0-{_H}{{24}}-{_H}{{146}}"),
    _row("Fly.io token", "FlyV1 fo1_ fm2_", rf"(?:fo1_{_W}{{43}}|fm2_[A-Za-z0-9+/=]{{60,}})"),
    _row("Terraform Cloud token", ".atlasv1.", rf"{_A}{{14}}\.atlasv1\.[A-Za-z0-9_=-]{{60,70}}"),
    _row("HashiCorp Vault token", "hvs. hvb. hvr.", rf"hv[sbr]\.{_W}{{24,300}}"),
    _row("Pulumi token", "pul-", rf"pul-{_H}{{40}}"),
    _row(
        "Doppler token",
        "dp.",
        rf"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{{2,35}}\.)?{_A}{{40,44}}",
    ),
    _row("Netlify token", "nfp_ nfc_ nfo_", rf"nf[pcou]_{_A}{{36}}"),
    _row("Vercel token", "vcp_ vci_ vca_ vcr_ vck_", rf"vc[piark]_{_A}{{56}}"),
    _row("Supabase key", "sbp_ sb_secret_", rf"(?:sbp_{_H}{{40}}|sb_secret_{_W}{{20,64}})"),
    _row("PlanetScale password", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}"),
    _row("Tailscale key", "tskey-", rf"tskey-[a-z]+-{_A}+-{_A}{{20,}}"),
    _row("1Password token", "ops_eyJ", r"ops_eyJ[A-Za-z0-9+/_=-]{200,}"),
    # --- data and monitoring ---
    _row("Databricks token", "dapi", rf"dapi{_H}{{32}}(?:-\d)?"),
    _row(
        "Grafana token",
        "glsa_ glc_",
        rf"(?:glsa_{_A}{{32}}_{_H}{{8}}|glc_[A-Za-z0-9+/=]{{32,400}})",
    ),
    _row("New Relic key", "NRAK- NRII- NRJS- NRRA-", rf"NR(?:AK|II|JS|RA)-{_W}{{19,42}}"),
    _row(
        "Sentry token",
        "sntrys_ sntryu_",
        rf"(?:sntryu_{_H}{{64}}|sntrys_eyJ[A-Za-z0-9+/=_-]{{60,}})",
    ),
    _row("Dynatrace token", "dt0", r"dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _row("PostHog key", "phx_", rf"phx_{_A}{{40,60}}"),
    _row("Airtable token", "pat", rf"pat{_A}{{14}}\.{_H}{{64}}"),
    _row("Prefect key", "pnu_ pnb_", rf"pn[ub]_{_A}{{36}}"),
    # --- messages ---
    _row(
        "Slack token",
        "xoxb- xoxa- xoxp- xoxr- xoxs- xoxo- xoxe- xoxc- xoxd- xoxe.",
        r"xox(?:[abprsocd]-|e[.-])(?:\d-)?[A-Za-z0-9.%-]{20,400}",
    ),
    _row("Slack app token", "xapp-", rf"xapp-\d-[A-Z0-9]+-\d+-{_A}{{30,}}"),
    _row(
        "Slack webhook",
        "hooks.slack.com/",
        rf"(?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/(T{_A}{{7,}}/{_A}{{8,}}/{_A}{{20,}})",
    ),
    _row(
        "Microsoft Teams webhook",
        ".webhook.office.com/",
        rf"(?:https://)?[a-z0-9-]+\.webhook\.office\.com/webhookb2/([A-Za-z0-9@-]{{70,80}}/IncomingWebhook/{_H}{{32}}/[0-9a-f-]{{36}})",
    ),
    _row(
        "Discord token",
        "M N O",
        rf"[MNO][A-Za-z0-9_-]{{23,27}}\.{_W}{{6}}\.{_W}{{27,40}}",
        form=_checks.begins_with_a_number,
    ),
    _row(
        "Discord webhook",
        "/api/webhooks/",
        rf"(?:https?://)?(?:\w+\.)?discord(?:app)?\.com/api/webhooks/(\d{{17,20}}/{_W}{{60,80}})",
    ),
    _row("Telegram bot token", ":AA", rf"(?:bot)?(\d{{8,10}}:AA{_W}{{33}})"),
    _row("Twilio API key", "SK", rf"SK{_H}{{32}}"),
    _row("SendGrid key", "SG.", rf"SG\.{_W}{{20,24}}\.{_W}{{39,50}}"),
    _row("Mailgun key", "key-", rf"key-{_H}{{32}}"),
    _row("Mailchimp key", "-us", rf"{_H}{{32}}-us\d{{1,2}}"),
    _row("Brevo key", "xkeysib- xsmtpsib-", rf"x(?:key|smtp)sib-{_H}{{64}}-{_A}{{16}}"),
    _row("Resend key", "re_", rf"re_{_A}{{8}}_{_A}{{24}}"),
    _row("Postman key", "PMAK-", rf"PMAK-{_H}{{24}}-{_H}{{34}}"),
    # --- money and shops ---
    _row(
        "Stripe key",
        "sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_",
        rf"[sr]k_(?:live|test|prod)_{_A}{{16,247}}",
    ),
    _row("Stripe webhook secret", "whsec_", r"whsec_[A-Za-z0-9+/]{24,80}={0,2}"),
    _row(
        "Shopify token",
        "shpat_ shpca_ shppa_ shpss_ shptka_",
        r"shp(?:at|ca|pa|ss|tka)_[a-fA-F0-9]{32}",
    ),
    _row(
        "Square token",
        "sq0atp- sq0csp- sq0idp- EAAA",
        rf"(?:sq0atp-{_W}{{22}}|sq0csp-{_W}{{43}}|EAAA{_W}{{60}})",
    ),
    _row(
        "Braintree token",
        "access_token$",
        rf"access_token\$(?:production|sandbox)\$[0-9a-z]{{16}}\${_H}{{32}}",
    ),
    _row("Razorpay key", "rzp_live_", rf"rzp_live_{_A}{{14,}}"),
    _row("Flutterwave key", "FLWSECK", r"FLWSECK(?:_TEST|_PROD)?-[A-Za-z0-9]{12,32}(?:-X)?"),
    _row("EasyPost key", "EZAK EZTK", rf"EZ[AT]K{_A}{{54}}"),
    _row("Shippo token", "shippo_", rf"shippo_(?:live|test)_{_H}{{40}}"),
    _row(
        "Plaid token",
        "access-",
        rf"access-(?:sandbox|development|production)-{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}",
    ),
    # --- models ---
    _row(
        "OpenAI key",
        "T3BlbkFJ",
        rf"sk-(?:(?:proj|svcacct|admin|None)-)?{_W}{{20,}}T3BlbkFJ{_W}{{20,}}",
    ),
    _row(
        "OpenAI project key",
        "sk-proj- sk-svcacct- sk-admin-",
        rf"sk-(?:proj|svcacct|admin)-{_W}{{40,250}}",
    ),
    _row("Anthropic key", "sk-ant-", rf"sk-ant-[a-z]{{2,8}}\d\d-{_W}{{60,120}}"),
    _row("OpenRouter key", "sk-or-v1-", rf"sk-or-v1-{_H}{{64}}"),
    _row("secret key of an AI service", "sk-", rf"sk-(?:{_A}{{48}}|{_H}{{32}})"),
    _row("Hugging Face token", "hf_ api_org_", rf"(?:hf|api_org)_{_A}{{34,40}}"),
    _row("Groq key", "gsk_", rf"gsk_{_A}{{52}}"),
    _row("Replicate token", "r8_", rf"r8_{_A}{{37,40}}"),
    _row("Perplexity key", "pplx-", rf"pplx-{_A}{{48}}"),
    _row("xAI key", "xai-", rf"xai-{_A}{{70,90}}"),
    _row("LangSmith key", "lsv2_", rf"lsv2_(?:pt|sk)_{_H}{{32}}_{_H}{{10}}"),
    _row("Pinecone key", "pcsk_", rf"pcsk_{_A}{{4,8}}_{_A}{{50,70}}"),
    # --- people and pages ---
    _row("Notion token", "secret_ ntn_", rf"(?:secret_{_A}{{43}}|ntn_\d{{11}}{_A}{{35}})"),
    _row("Linear key", "lin_api_ lin_oauth_", rf"lin_(?:api|oauth)_{_A}{{40,64}}"),
    _row("Figma token", "figd_ figo_", rf"fig[do]_{_W}{{40,}}"),
    _row("Dropbox token", "sl.", rf"sl\.(?:u\.)?{_W}{{120,}}"),
    _row("Facebook token", "EAA", r"EAA[A-Za-z0-9]{80,300}"),
    _row("Twitter bearer token", "AAAAAAAAAAAAAAAAAAAA", r"A{20,22}[A-Za-z0-9%]{60,100}"),
    _row("Mapbox secret token", "sk.eyJ", rf"sk\.eyJ{_W}{{40,}}\.{_W}{{20,}}"),
    _row("Contentful token", "CFPAT-", rf"CFPAT-{_W}{{43}}"),
    _row(
        "HubSpot token",
        "pat-na1- pat-eu1- pat-na2-",
        rf"pat-(?:na|eu)\d-{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}",
    ),
    _row("Typeform token", "tfp_", rf"tfp_{_W}{{40,60}}"),
    _row("ReadMe key", "rdme_", r"rdme_[a-z0-9]{70}"),
    _row("Adafruit key", "aio_", rf"aio_{_A}{{28}}"),
    _row("Duffel token", "duffel_", rf"duffel_(?:test|live)_{_W}{{43}}"),
    _row("Frame.io token", "fio-u-", rf"fio-u-{_W}{{64}}"),
    _row(
        "age identity",
        "AGE-SECRET-KEY-1",
        r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
        _checks.bech32,
    ),
    _row(
        "JSON Web Token", "eyJ", rf"eyJ{_W}{{10,}}\.eyJ{_W}{{6,}}\.{_W}{{16,}}", form=_checks.is_jwt
    ),
)
