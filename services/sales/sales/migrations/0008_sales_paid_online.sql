-- An online payment is of a booking or of a sale. That of a sale has its id as `booking_id`, and so
-- have its lines as their appointments and visits: what they pay of is known by the sale.
ALTER TABLE payments ADD COLUMN sale_id uuid REFERENCES sales;
ALTER TABLE sales ADD COLUMN checkout_url text;
