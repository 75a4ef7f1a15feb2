"""Sales: invoice, sales order, credit memo, cash sale, with their lines."""

from __future__ import annotations

from simulators.netsuite.rules.fields.reading import Fields, fields

HEAD = """
s !refName *externalId *tranId *memo !transactionNumber
s deletionReasonMemo !originator
d *tranDate !prevDate
t !createdDate !lastModifiedDate
n *exchangeRate
b excludeFromGLNumbering
r *postingPeriod=accountingPeriod *currency=currency *subsidiary=subsidiary customForm deletionReason
r class=classification department=department location=location !primaryBookBaseCurrency=currency nexus
l accountingBookDetail !appliedRules
"""
_SALE = """
s !abbrevType billAddr1 billAddr2 billAddr3 billAddress billAddressee billAttention billCity billOverride
s billPhone billState billZip !billingAddress_text contribPct email entityTaxRegNum fax fob
s linkedTrackingNumbers message muccPromoCodeInstance oppcreatedfrom oppcreatedfromtitle *otherRefNum
s previousOpportunity promoCodePluginImpl revCommitStatus revCommitStatusDescr revenueStatus
s revenueStatusDescr saleschannelorderpriority shipAddress !shippingAddress_text storeOrder
s subsidiaryTaxRegNum thirdPartyAcct trackingNumbers vatRegNum webSite
n altHandlingCost altShippingCost !amountPaid !amountRemaining !amountRemainingTotalBox !deferredRevenue
n discountAmount discountRate !discountTotal !estGrossProfit !estGrossProfitPercent giftCertApplied
n handlingCost handlingTax1Rate handlingTax2Rate handlingTaxAmount !recognizedRevenue shippingCost
n shippingTax1Rate shippingTax2Rate shippingTaxAmount !subtotal tax2Total taxRate *taxTotal !total
n !totalAfterTaxes !totalCostEstimate
i number prevPartner prevRep estimate
b canHaveStackable excludeCommission forInvoiceGrouping isMultiShipTo isTaxable revRecOnRevCommitment
b sendOrderFulfillmentEmail shipIsResidential shipOverride shippingCostOverridden syncPartnerTeams
b syncSalesTeams taxDetailsOverride taxPointDateOverride taxRegOverride toBeEmailed toBeFaxed toBePrinted
b tranIsVsoeBundle vsoeAutoCalc recurringBill
d asOfDate discountDate *dueDate endDate saasCommitmentEndDate saasCommitmentStartDate salesEffectiveDate
d shipDate startDate taxPointDate
e billCountry intercoStatus !source !sourceSystem !status !type
r *entity=customer billAddressList billingAccount !createdFrom couponCode discountItem=discountItem
r groupedTo handlingTaxCode intercoTransaction job leadSource messageSel nextApprover=employee opportunity
r partner promoCode salesChannel salesGroup salesRep=employee shipAddressList shipMethod shippingTaxCode
r sourceWebSite taxItem *terms=term
l *item partners promotions salesTeam shipGroup *taxDetails
o billingAddress=address shippingAddress=address
"""
_INVOICE = """
s defaultILBAShipAddrVal defaultILBAShippingAddressKey !paymentlink
n expCostDiscAmount expCostDiscRate expCostDiscTax1Amt expCostTaxRate1 expCostTaxRate2 itemCostDiscAmount
n itemCostDiscRate itemCostDiscTax1Amt itemCostTaxRate1 itemCostTaxRate2 timeDiscAmount timeDiscRate
n timeDiscTax1Amt timeTaxRate1 timeTaxRate2
i defaultILShipMethKey predictedOverdueDays
b expCostDiscPrint expCostDiscTaxable itemCostDiscPrint itemCostDiscTaxable overrideInstallments
b timeDiscPrint timeDiscTaxable
d predictedPaymentDate predictedPaymentDateLastUpdated userEstimatedPaymentDate
e *approvalStatus predictedPaymentDateAvailability userEstimateSource whichChargesToAdd
r *account=account bulkProcSubmission expCostDiscount expCostTaxCode itemCostDiscount itemCostTaxCode
r timeDiscount timeTaxCode
l expCost giftCertRedemption installment itemCost time
"""
_CREDIT = """
s salesReturn
n !applied !unapplied
b autoApply
r *account=account
l *apply
"""
_ORDER = """
s checkNumber dynamicDescriptor inputReferenceCode integrationId outputAuthCode outputReferenceCode
s paymentCardCsc paymentDeviceId payPalAuthId payPalTranId refreshFromSubscription
s suppressUserEventsAndEmails updateDropshipOrderQty webStore
n altSalesTotal fxAltSalesTotal fxNetAltSalesTotal netAltSalesTotal oneTime overrideShippingCost
n paymentInstrumentLimit paymentsDue recurAnnually recurMonthly recurQuarterly recurWeekly
n requiredDepositAmount requiredDepositDue requiredDepositPercentage
b isCrossSubTransaction isDefaultShippingRequest needsPick needsRevCommitment ordRevCommitted shipComplete
d nextBill
e handlingMode *orderStatus paymentOperation
r customerPaymentAuthorization drAccount=account fxAccount=account orderType paymentOption
r paymentMethod=paymentMethod paymentProcessingProfile transactionToRefund billingSchedule
l giftCertRedemption
"""
_CASH = """
s checkNumber inputReferenceCode outputAuthCode outputReferenceCode paymentCardCsc
b *undepFunds cleared chargeIt
d clearedDate
e paymentOperation handlingMode
r *account=account paymentOption paymentMethod=paymentMethod paymentProcessingProfile
l giftCertRedemption expCost itemCost time
"""
_LINE = """
s binNumbers *description giftCertFrom giftCertMessage giftCertNumber giftCertRecipientEmail
s giftCertRecipientName initOqpBucket licenseCode !lineUniqueKey matrixType options oqpBucket rateSchedule
s !refName revrec_recurrencetype secondaryUnits secondaryUnitsList serialNumbers taxDetailsReference units
n *amount amountOrdered baseGrossAmt costEstimate costEstimateRate currentPercent !estGrossProfit
n !estGrossProfitPercent !grossAmt lastPurchasePrice minQty primaryToSecondaryUnitConversionRate *quantity
n quantityAllocated !quantityAvailable quantityCommitted quantityDemandAllocated quantityFulfilled
n !quantityOnHand !quantityOrdered quantityPacked quantityPicked quantityReceived !quantityRemaining
n !quantityRemainingDisplay !quantityBilled *rate rateIncludingTax secondaryQuantity
n secondaryUnitConversionRate tax1Amt taxAmount taxRate1 taxRate2 vsoeAllocation vsoeAmount vsoePrice
n altSalesAmt backOrdered quantityBackOrdered
i *line *orderLine revRecTermInMonths shipGroup !uniqueKey
b deferRevRec doNotCreateRevenueElement excludeFromRateRequest isCatchWeightItem *isClosed !isOpen isTaxable
b itemIsFulfilled !linked marginal printItems processedByRevCommit vsoeDelivered vsoeIsEstimate
b commitInventory
d expirationDate revRecEndDate revRecStartDate expectedShipDate requestedDate
e billVarianceStatus costEstimateType itemFulfillmentChoice !itemSubtype !itemType shipCarrier vsoeDeferral
e vsoePermitDiscount vsoeSOPGroup createPo createWo
r !account=account catchUpPeriod=accountingPeriod chargeType class=classification department=department
r *item job location=location *orderDoc price revRecSchedule=revRecTemplate shipAddress shipMethod
r subscription subscriptionLine !subsidiary=subsidiary taxCode poVendor=vendor
o inventoryDetail
"""
_TAX_LINE = """
s taxDetailsReference taxType_name !refName *lineName lineType
n *taxAmount taxBasis taxRate netAmount grossAmount
i line
r taxCode taxType
"""
TRANSACTIONS_SOLD: dict[str, Fields] = {
    "invoice": fields(HEAD, _SALE, _INVOICE),
    "creditMemo": fields(HEAD, _SALE, _CREDIT),
    "salesOrder": fields(HEAD, _SALE, _ORDER),
    "cashSale": fields(HEAD, _SALE, _CASH),
}
APPLY = """
s !createdFrom !currency !jobName !refName !refNum !type
n *amount !due !total
i !job *line
b *apply
d !applyDate
r *doc
"""
LINES_SOLD: dict[str, Fields] = {
    **{f"{kind}.item": fields(_LINE) for kind in TRANSACTIONS_SOLD},
    **{f"{kind}.taxDetails": fields(_TAX_LINE) for kind in TRANSACTIONS_SOLD},
    "creditMemo.apply": fields(APPLY),
}
