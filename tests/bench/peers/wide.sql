-- What DuckDB does with the wide export: every cell read as text, the thirty columns that aceq reads cast to the types
-- of `canonical/opportunities.parquet`, written as Parquet with zstd. `{export}` and `{out}` are filled in.
-- A cell that does not fit becomes NULL and is forgotten: no reject, no finding, no merge of repeated rows, no customer
-- identity, no line numbers.
COPY (
  SELECT
    "Opportunity id"                                AS opportunity_id,
    "Partner Id"                                    AS partner_id,
    "Partner CRM Unique Identifier"                 AS partner_crm_id,
    "Status"                                        AS review_status,
    "Stage"                                         AS stage,
    "Opportunity Ownership"                         AS origin,
    "Customer Company Name"                         AS customer_name,
    "Customer Website"                              AS customer_website,
    "Country"                                       AS customer_country,
    regexp_replace("AWS Account ID", '[ -]', '', 'g') AS customer_aws_account_id,
    "Customer DUNS"                                 AS customer_duns,
    "Segment"                                       AS segment,
    "Partner Project Title"                         AS title,
    "Use Case"                                      AS use_case,
    string_split("AWS Products", ';')               AS aws_products,
    string_split("Solution Offered", ';')           AS solutions,
    string_split("Delivery Model", ';')             AS delivery_models,
    string_split("APN Programs", ';')               AS programs,
    "Opportunity Type"                              AS opportunity_type,
    "Partner Primary Need from AWS"                 AS involvement,
    try_cast(regexp_replace("Estimated AWS Monthly Recurring Revenue", '[$, ]', '', 'g') AS DECIMAL(18, 2)) AS mrr_usd,
    try_strptime("Target Close Date", '%m/%d/%Y')::DATE      AS target_close_date,
    try_strptime("Date Created", '%m/%d/%Y')::DATE           AS created_date,
    try_strptime("Last Updated Date", '%m/%d/%Y')            AS last_modified,
    try_strptime("Date Submitted", '%m/%d/%Y')::DATE         AS submitted_date,
    try_strptime("Date Approved/Rejected", '%m/%d/%Y')::DATE AS decided_date,
    "Closed Reason"                                 AS closed_lost_reason,
    "Parent Opportunity ID"                         AS parent_opportunity_id,
    "AWS Stage"                                     AS aws_stage,
    try_strptime("AWS Close Date", '%m/%d/%Y')::DATE         AS aws_close_date
  FROM read_csv('{export}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')
) TO '{out}' (FORMAT parquet, COMPRESSION zstd);
