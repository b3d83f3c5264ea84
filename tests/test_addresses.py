import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.addresses import (
    Origin,
    address_refusal,
    is_secret_header,
    next_url,
    origin,
    refusal,
    shown,
    without_secrets,
)

STAND_IN = Origin("http", "127.0.0.1", 8765)

FORBIDDEN = [
    ("http://api.example.org/works", "address-scheme"),
    ("https://127.0.0.1/", "address-not-public"),
    ("https://127.0.0.1:443/", "address-not-public"),
    ("https://127.8.9.10/", "address-not-public"),
    ("https://0.0.0.0/", "address-not-public"),
    ("https://10.0.0.1/", "address-not-public"),
    ("https://100.64.0.1/", "address-not-public"),
    ("https://172.16.0.1/", "address-not-public"),
    ("https://172.31.255.255/", "address-not-public"),
    ("https://192.168.1.1/", "address-not-public"),
    ("https://192.0.0.192/", "address-not-public"),  # Oracle's metadata service
    ("https://169.254.169.254/latest/meta-data/", "address-not-public"),
    ("https://198.18.0.1/", "address-not-public"),
    ("https://224.0.0.1/", "address-not-public"),
    ("https://240.0.0.1/", "address-not-public"),
    ("https://255.255.255.255/", "address-not-public"),
    ("https://[::1]/", "address-not-public"),
    ("https://[::]/", "address-not-public"),
    ("https://[0:0:0:0:0:0:0:1]/", "address-not-public"),
    ("https://[::ffff:127.0.0.1]/", "address-not-public"),
    ("https://[::ffff:7f00:1]/", "address-not-public"),
    ("https://[::ffff:8.8.8.8]/", "address-not-public"),
    ("https://[::127.0.0.1]/", "address-not-public"),
    ("https://[64:ff9b::7f00:1]/", "address-not-public"),
    ("https://[64:ff9b:1::7f00:1]/", "address-not-public"),
    ("https://[2002:7f00:1::]/", "address-not-public"),
    ("https://[2001::1]/", "address-not-public"),
    ("https://[2001:db8::1]/", "address-not-public"),
    ("https://[fc00::1]/", "address-not-public"),
    ("https://[fd00:ec2::254]/", "address-not-public"),
    ("https://[fe80::1]/", "address-not-public"),
    ("https://[fe80::1%25eth0]/", "address-shape"),
    ("https://[fec0::1]/", "address-not-public"),
    ("https://[ff02::1]/", "address-not-public"),
    ("https://[100::1]/", "address-not-public"),
    ("https://[:::]/", "address-not-public"),
    ("https://2130706433/", "address-not-public"),  # 127.0.0.1, all of them
    ("https://017700000001/", "address-not-public"),
    ("https://0x7f000001/", "address-not-public"),
    ("https://0X7F.1/", "address-not-public"),
    ("https://127.1/", "address-not-public"),
    ("https://0177.0.0.1/", "address-not-public"),
    ("https://127.0.0.01/", "address-not-public"),
    ("https://127.0.0.1./", "address-shape"),
    ("https://8.8.8.8.8/", "address-not-public"),
    ("https://example.0x/", "address-not-public"),
    ("https://localhost/", "address-local"),
    ("https://LOCALHOST/", "address-local"),
    ("https://a.localhost/", "address-local"),
    ("https://localhost./", "address-shape"),
    ("https://metadata.google.internal/", "address-local"),
    ("https://printer.local/", "address-local"),
    ("https://intranet/", "address-local"),
    ("https://api.example.org@127.0.0.1/", "address-shape"),
    ("https://user:word@api.example.org/", "address-shape"),
    ("https://@api.example.org/", "address-shape"),
    ("https://127.0.0.1\\@api.example.org/", "address-shape"),
    ("https://api.example.org\\.127.0.0.1/", "address-shape"),
    ("https://１２７.０.０.１/", "address-shape"),
    ("https://127。0。0。1/", "address-shape"),
    ("https://ⓛocalhost/", "address-shape"),
    ("https://%31%32%37.0.0.1/", "address-shape"),
    ("https://127.0.0.1%00.example.org/", "address-shape"),
    ("https://api.example.org\t/", "address-shape"),
    ("https://api.example.org/\r\nHost: evil.example", "address-shape"),
    (" https://api.example.org/", "address-shape"),
    ("https://api.example.org:22/", "address-port"),
    ("https://api.example.org:80/", "address-port"),
    ("https://api.example.org:8443/", "address-port"),
    ("https://api.example.org:0/", "address-shape"),
    ("https://api.example.org:65536/", "address-shape"),
    ("https://api.example.org:/", "address-shape"),
    ("https://api.example.org:+443/", "address-shape"),
    ("https:///etc/passwd", "address-shape"),
    ("https:api.example.org", "address-shape"),
    ("https://", "address-shape"),
    ("https://a..example.org/", "address-shape"),
    ("//api.example.org/", "address-shape"),
    ("file:///etc/passwd", "address-shape"),
    ("ftp://api.example.org/", "address-shape"),
    ("gopher://127.0.0.1:6379/_FLUSHALL", "address-shape"),
    ("javascript:alert(1)", "address-shape"),
    ("data:text/html,x", "address-shape"),
    ("", "address-shape"),
]


@pytest.mark.parametrize("url, reason", FORBIDDEN)
def test_url_is_refused_as_written(url, reason):
    found = refusal(url)

    assert found is not None
    assert found.key == reason


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org",
        "https://api.example.org/works/10.5555%2F12345678?mailto=a@example.org",
        "HTTPS://API.EXAMPLE.ORG/",
        "https://api.example.org:443/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://api_2.example-host.org/@me:80\\x",
        "https://xn--fiqs8s.example/文",
        "https://1.example.org/",
    ],
)
def test_public_https_url_passes(url):
    assert refusal(url) is None


@pytest.mark.parametrize("url, _reason", FORBIDDEN)
def test_a_stand_in_on_loopback_opens_nothing_else(url, _reason):
    assert refusal(url, {STAND_IN}, allow_private=True) is not None


def test_loopback_passes_for_a_base_and_only_with_leave():
    url = "http://127.0.0.1:8765/works"

    assert refusal(url, {STAND_IN}, allow_private=True) is None
    assert refusal(url, {STAND_IN}).key == "address-not-public"
    assert refusal("http://127.0.0.1:8766/works", {STAND_IN}, allow_private=True).key == "address-scheme"


def test_plain_http_and_an_odd_port_are_for_the_base_that_has_them():
    istic = Origin("http", "122.115.55.36", 8000)

    assert refusal("http://122.115.55.36:8000/a", {istic}) is None
    assert refusal("https://122.115.55.36:8000/a", {istic}).key == "address-port"


def test_metadata_addresses_stay_closed_even_for_a_base():
    base = Origin("http", "169.254.169.254", 80)

    assert refusal("http://169.254.169.254/", {base}, allow_private=True).key == "address-not-public"


@pytest.mark.parametrize(
    "address, kind",
    [
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("10.1.2.3", "private"),
        ("fd00::1", "private"),
        ("169.254.1.1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("::ffff:1.2.3.4", "IPv4-mapped"),
        ("64:ff9b::102:304", "NAT64"),
        ("239.1.1.1", "multicast"),
        ("0.0.0.0", "unspecified"),
        ("::", "unspecified"),
        ("250.0.0.1", "reserved"),
        ("4000::1", "reserved"),
        ("nonsense", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_kind_of_an_address_that_is_not_public(address, kind):
    assert address_refusal(address).values["kind"] == kind


@pytest.mark.parametrize("address", ["1.1.1.1", "122.115.55.36", "2606:4700::1111", "2001:4860::8888"])
def test_public_address_passes(address):
    assert address_refusal(address) is None


@given(st.text(max_size=60))
def test_any_text_is_judged_without_an_error(text):
    for url in (text, "https://" + text, "https://api.example.org/" + text):
        if origin(url) is None:
            assert refusal(url).key == "address-shape"


@pytest.mark.parametrize(
    "location, url",
    [
        ("/works/b?c=1", "https://api.example.org/works/b?c=1"),
        ("b", "https://api.example.org/works/b"),
        ("//evil.example/x", "https://evil.example/x"),
        ("https://other.example/", "https://other.example/"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("//[", "//["),
    ],
)
def test_redirect_is_made_absolute(location, url):
    assert next_url("https://api.example.org/works/a?q=1", location) == url


@pytest.mark.parametrize(
    "url, safe",
    [
        (
            "https://a.example/w?mailto=x@y.org&api_key=PLANTED",
            "https://a.example/w?mailto=x@y.org&api_key=***",
        ),
        ("https://a.example/w?API%5FKEY=PLANTED&rows=2", "https://a.example/w?API%5FKEY=***&rows=2"),
        ("https://a.example/w?token=&x", "https://a.example/w?token=***&x"),
        ("https://u:PLANTED@a.example/w?x=1#PLANTED", "https://a.example/w?x=1"),
        ("https://a.example/w", "https://a.example/w"),
    ],
)
def test_keys_are_taken_out_of_a_url(url, safe):
    assert without_secrets(url) == safe


def test_shown_url_is_one_harmless_line():
    assert shown("https://a.example/\x1b[31m\r\nforged") == "https://a.example/?[31m??forged"


@pytest.mark.parametrize(
    "name", ["Authorization", "X-API-Key", "Crossref-Plus-API-Token", "Cookie", "x-auth"]
)
def test_header_with_a_key_is_secret(name):
    assert is_secret_header(name)


@pytest.mark.parametrize("name", ["Accept", "User-Agent", "Content-Type"])
def test_other_headers_are_not_secret(name):
    assert not is_secret_header(name)
