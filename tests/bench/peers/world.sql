-- What DuckDB does with the opportunity exports of a world: fifteen columns, cast as in wide.sql. Newest and older
-- snapshots are stacked, nothing is merged. `{export}` is a pattern of files.
COPY (
  SELECT
    "Opportunity id"                AS opportunity_id,
    "Partner Id"                    AS partner_id,
    "Customer Company Name"         AS customer_name,
    "Customer Website"              AS customer_website,
    "AWS Account ID"                AS customer_aws_account_id,
    "Country"                       AS customer_country,
    "Stage"                         AS stage,
    "Status"                        AS review_status,
    "Opportunity Ownership"         AS origin,
    "Partner Primary Need from AWS" AS involvement,
    "Use Case"                      AS use_case,
    string_split("AWS Products", ';') AS aws_products,
    try_cast(regexp_replace("Estimated AWS Monthly Recurring Revenue", '[$, ]', '', 'g') AS DECIMAL(18, 2)) AS mrr_usd,
    try_strptime("Date Created", '%m/%d/%Y')::DATE      AS created_date,
    try_strptime("Target Close Date", '%m/%d/%Y')::DATE AS target_close_date
  FROM read_csv('{export}', all_varchar = true, header = true, union_by_name = true, delim = ',', quote = '"',
    escape = '"')
) TO '{out}' (FORMAT parquet, COMPRESSION zstd);
