"""What a customer pays: coupons, commitments, prepaid credits, progressive bills and credit notes."""
