// Collect an invoice by card with Stripe's own SDK; only host and port are not Stripe's.
// Start the mocks first:  tieout serve stripe --port-base 0 --write lab.json
// then:                   TIEOUT_LAB=lab.json npm test
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import Stripe from 'stripe';

const lab = JSON.parse(readFileSync(process.env.TIEOUT_LAB ?? 'lab.json', 'utf8'));
const base = new URL(lab.urls.stripe);
const stripe = new Stripe(lab.credentials.stripe.secret_key, {
  protocol: 'http',
  host: base.hostname,
  port: base.port,
  maxNetworkRetries: 2,
  telemetry: false,
});

async function control(method, path, body) {
  const answer = await fetch(`${lab.urls.stripe}/_tieout/${path}`, {
    method,
    body: body && JSON.stringify(body),
  });
  const found = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(found));
  return found;
}

async function customerWithCard() {
  const customer = await stripe.customers.create({ name: 'Acme', email: 'ap@acme.test' });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  return { customer: customer.id, payment_method: card.id };
}

// The integration under test: one payment an invoice, however often it is asked for.
function collect(invoice, amount, payer) {
  return stripe.paymentIntents.create(
    { amount, currency: 'usd', confirm: true, off_session: true, metadata: { invoice }, ...payer },
    { idempotencyKey: `collect-${invoice}` },
  );
}

beforeEach(() => control('POST', 'reset', { all: true }));

test('an invoice is collected', async () => {
  const paid = await collect('INV-1', 1999, await customerWithCard());
  assert.equal(paid.status, 'succeeded');
  assert.equal(paid.amount_received, 1999);
});

test('a lost answer does not charge twice', async () => {
  const payer = await customerWithCard();
  await control('POST', 'faults', { kind: 'answer_lost', operation: 'create_payment_intent' });
  await collect('INV-2', 5000, payer);
  const asked = await control('POST', 'requests', { operation: 'create_payment_intent', times: 2 });
  assert.ok(asked.as_wanted, `asked ${asked.count} times`);
  const charges = await stripe.charges.list();
  assert.deepEqual(charges.data.map((charge) => charge.amount), [5000]);
});

test('a declined card is a card error', async () => {
  const payer = await customerWithCard();
  const declining = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: payer.customer });
  await assert.rejects(
    collect('INV-3', 5000, { ...payer, payment_method: declining.id }),
    (error) => error instanceof Stripe.errors.StripeCardError && error.code === 'card_declined',
  );
});

test('every customer is found page by page', async () => {
  for (let n = 0; n < 25; n += 1) await stripe.customers.create({ name: `Customer ${n}` });
  const all = await stripe.customers.list({ limit: 10 }).autoPagingToArray({ limit: 100 });
  assert.equal(all.length, 25);
});
