"""A certificate for one host, and the authority that signed it: certificate.py HOST. Prints key, certificate, authority.

The driver checks what lies beneath an authority; of a certificate that signs itself nothing is left, and it waits for ever.
"""

import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(subject, public_key, issuer, signing_key, extension):
    def name(text):
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(extension, critical=False)
        .sign(signing_key, hashes.SHA256())
    )


host = sys.argv[1]
authority_key, host_key = key(), key()
is_authority = x509.BasicConstraints(ca=True, path_length=None)
authority = certificate("authority", authority_key.public_key(), "authority", authority_key, is_authority)
names = x509.SubjectAlternativeName([x509.DNSName(host)])
signed = certificate(host, host_key.public_key(), "authority", authority_key, names)
print(host_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
for one in (signed, authority):
    print(one.public_bytes(Encoding.PEM).decode())
