"""How to sign in to the fresh sandbox: published, and good for nothing else."""

from __future__ import annotations

CLIENT_ID = "3MVG9tieout.integration"
CLIENT_SECRET = "8B8D1E7A7D0C4F5E9A60C2D4"
USERNAME = "admin@tieout.test"
PASSWORD = "sandbox-password-1"
SECURITY_TOKEN = "tieoutSecurityToken0001"
REDIRECT_URI = "https://localhost/callback"
# The key whose certificate the connected app knows, for JWT assertions; a test key like any other.
PRIVATE_KEY_PEM = """\
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCtpk6WsyeI1dkM
FgG6JFLAnnhVuzQW5LAdmd7/hT0VVrZC4JT8kaoTLIa7ST+WhJUx3ZNv5d+bFI2E
GOKdDUOFicW+BavyDCmL9ezhm3SjZ8XyfuHHFtnR5/BgJPalCDRblii9zyJBn6Qj
9m93Co+CGTVmOZFbvOGoHDZ1Mqa7loAkyNbALN07lrPYoLniLA0CMdmX90ErAo4Y
uZWpfONSsWsf8Ar//oBv27G1BnVir9qAJsLKk1Hl6nJr072rkDjWz+LHdw/4moJI
GrKzg6WDz11ENGetq/lJLJTPRpez0tzF+u4T+ZzYSMC3p0XEp3/xz/ZMBWk5jYwN
VmYVcnRXAgMBAAECggEAO/+eX8t++XSKDfb8mcg7H3qhsV2BXfeeMlwcBMWQmXLg
frMCR1I9JWrZEpT4d5VPx277pkoSvI6ZZu8CPal7jwRPYpyrEHLLWCScuEbyQhN0
/ZiBgjyO/kvZbh7XaaYwEQUNBqgu+eWi3Rok4Uiw1Q7IuI1jgAL/JQq6djwOB/oi
O5tlZhdlJ/9zkMlL/130qO3C5zDDa+dvn4QoKKX37Itys+awsg/fc+NvACb653Ef
sHT0SW6uHSaMQQWhiZ6EbUe7SklKotRCkP7ArScRDUqfNQOw9KEVKnjMbYIzGL+B
2u3T+ou7Eir9sQPT01l/eZdtUycOkEWW+ue+AKa6gQKBgQDhoP54tGj2bpbRP+pF
jPeQJgNBd8q7yGqCmYakKaHwQ0hlpmrG9hGCOuGkdMVbPbRzZFLz0LQSepzfq/vt
cxUqAyoXMwkdwga60jo7uKjohi+iIZEvL+wrbovSQNYKtdX9hkKxGOtAHghvq88J
59Bn05YNFvL3ttA4Sw6UreAcBwKBgQDFBiVut0g6juc+h5BecCKUY1KAje5ENo+Y
AzQfb4GVvUt0dMGs2qmkCZ8rMUN23eSqhDEXqmJOKdCE9i2dfYiZ7lOe9+kenpmB
q1Bem0I5zG0q4djr+PSOusUKTBHZhOZeEXYi7cOjQH26rx9+ZKBA6xfH5R2jlCXu
9EPUBeJxMQKBgBG/WyTddAAmVMCi2WedHf/9rXXh2VWJ/y7Eqr2Q9Mb0U+aC/5Uk
1925ifQopzl1EhOdiZTaDsABWwORAKD902VZmF74ybfIgkUBskjuToLzwx1qrIPc
riQAbwkbxnpTMUDe5bIOdrq1Yg5+oityS4dPMldXPcdUXu5+oOf7AUzTAoGAHLps
stweuAsmRMPXlS2cnS5uVThcya16+ptc+kh0CLV1TyHHK8Emgziz8MRaJfbs5MAp
uF2rv+Hw+bI7rH8lb+yEXOWhJEnT8Ehei6zv1yWrtVkBHEdMwZMSMBIveBwcyxKY
uzcYE7HPo2ztlqxtgYnGCeuqirOLZHBRg5ToE8ECgYEAzKSGez9uGpPvDsV3tZWc
GrcSOIkVRkBxdOHlN94E7KNaH7SwScvd9lmnsPtCW2UksJQ3XIzdiIteMiA31Yhs
kloX3ENrrot8tMQbGoRMFoTNjfV3H6Kq/ce/AZ48hdGnMTJD9+XiosDDS2TsERlm
YAjHeXcBzH9oKtdjsPvM0Lw=
-----END PRIVATE KEY-----
"""
