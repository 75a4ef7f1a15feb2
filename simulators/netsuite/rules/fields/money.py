"""Money: payments, refunds, deposits, journals."""

from __future__ import annotations

from simulators.netsuite.rules.fields.reading import Fields, fields
from simulators.netsuite.rules.fields.sales import APPLY, HEAD

_PAID = """
s cardSwipe checkNumber debitKsn debitPinBlock dynamicDescriptor inputReferenceCode integrationId
s outputAuthCode outputReferenceCode paymentCardCsc paymentDeviceId
n !balance !consolidateBalance paymentInstrumentLimit !pending !refundedAmountTotalBox !total
b cleared toBeEmailed toBePrinted
d clearedDate
e handlingMode paymentOperation !status
r *account=account *arAcct=account cardholderAuthentication *customer=customer customerPaymentAuthorization
r paymentOption paymentMethod=paymentMethod paymentProcessingProfile transactionToRefund
"""
_PAYMENT = """
n !applied *payment !unapplied
b *autoApply
b *undepFunds
l *apply *credit *deposit
"""
_REFUND = """
s address !payeeAddress_text
r payeeAddressList !voidJournal
l *apply *deposit
o payeeAddress=address
"""
_DEPOSITED = """
n *payment !salesOrderRequiredDepositDue !salesOrderUnpaidAmount
b !depositSufficient
b *undepFunds
r *salesOrder=salesOrder
"""
_APPLICATION = """
n !applied !total !unapplied
d !depositDate
e !status
r *arAcct=account *customer=customer *deposit=customerDeposit
l *apply
"""
_BANK = """
s !tranCurrencyName updateCurrency
n !total
i !currencyPrecision
b cleared !isBaseCurrency toBePrinted
d clearedDate
r *account=account creditCardProcessor
l *payment *other *cashback
"""
_JOURNAL = """
s !reversalEntry subsidiaryTaxRegNum
b *approved isBookSpecific !isReversal *reversalDefer taxDetailsOverride taxPointDateOverride
b taxRegOverride void
d *reversalDate taxPointDate
e *approvalStatus !status
r accountingBook batch !createdFrom nextApprover=employee parentExpenseAlloc toSubsidiary=subsidiary
l *line
"""
_JOURNAL_LINE = """
s amortizationType *memo !refName
n baseGrossAmt *credit creditTax *debit debitTax grossAmt lineTaxRate residual tax1Amt taxBasis taxRate1
n !totalAmount
i *line
b cleared eliminate
d clearedDate endDate startDate
t !lineCreatedDate !lineLastModifiedDate
e scheduleType
r *account=account class=classification department=department *entity=customer giftCertCode item
r lineTaxCode location=location revenueRecognitionRule schedule scheduleNum tax1Acct=account
r taxAccount=account taxCode dueToFromSubsidiary=subsidiary
"""
_CREDIT_LINE = """
s !appliedTo !createdFrom !currency !refName !refNum !type
n *amount !due !total
i !line
b *apply
d !creditDate
r *doc
"""
_DEPOSIT_LINE = """
s !currencyName !refName !refNum
n *amount !remaining !total
b *apply
d !depositDate
r *doc
"""
_BANK_PAYMENT = """
s !docNumber *memo !refName !refNum
n !paymentAmount !transactionAmount
i *id *lineId
b *deposit
d !docDate
e !type
r !currency=currency !entity=customer paymentMethod=paymentMethod class=classification
r department=department location=location
"""
_BANK_OTHER = """
s *line *memo refNum !refName
n *amount
r *account=account *entity=customer paymentMethod=paymentMethod class=classification
r department=department location=location
"""
TRANSACTIONS_PAID: dict[str, Fields] = {
    "customerPayment": fields(HEAD, _PAID, _PAYMENT),
    "customerRefund": fields(HEAD, _PAID, _REFUND),
    "customerDeposit": fields(HEAD, _PAID, _DEPOSITED),
    "depositApplication": fields(HEAD, _APPLICATION),
    "deposit": fields(HEAD, _BANK),
    "journalEntry": fields(HEAD, _JOURNAL),
}
LINES_PAID: dict[str, Fields] = {
    "customerPayment.apply": fields(APPLY),
    "customerPayment.credit": fields(_CREDIT_LINE),
    "customerPayment.deposit": fields(_DEPOSIT_LINE),
    "customerRefund.apply": fields(APPLY),
    "customerRefund.deposit": fields(_DEPOSIT_LINE),
    "depositApplication.apply": fields(APPLY),
    "deposit.payment": fields(_BANK_PAYMENT),
    "deposit.other": fields(_BANK_OTHER),
    "deposit.cashback": fields(_BANK_OTHER),
    "journalEntry.line": fields(_JOURNAL_LINE),
}
