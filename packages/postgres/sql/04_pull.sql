-- tidemark_pull: everything that a cookie does not include, of all tables, in one snapshot a page.
--
-- A table is read in stages: of a whole table 'whole'; of another one 'delta', 'range', one 'scope:<column>' for each scope
-- that has changed, and 'gone'. All stages leave out what was written after the first page, so that a pull ends however much is
-- written meanwhile. From the second page on, a table of which rows are wanted that were not written lately ends with the stage
-- 'late', which brings what was written since the first page: those rows are there still, and the client must not miss them. It is
-- one page whatever the limit (up to 5,000 rows), because a row that is written again between its pages would escape it.

-- What a request asks for, checked.
do $$ begin
  if to_regtype('tidemark.pull_request') is null then
    create type tidemark.pull_request as (
      cookie pg_snapshot, names text[], whole text[], ranges jsonb, size integer,
      -- The snapshot of the first page, and where the last page ended.
      first pg_snapshot, at_table text, at_stage text, after_xid xid8, after_seq bigint, after_key jsonb,
      -- The first transaction that the stage 'late' leaves out.
      edge xid8,
      now pg_snapshot, me text
    );
  end if;
end $$;

create or replace function tidemark.to_snapshot(value jsonb, what text) returns pg_snapshot
language plpgsql immutable as $$
begin
  if jsonb_typeof(value) = 'string' then
    return (value #>> '{}')::pg_snapshot;
  elsif value is not null and jsonb_typeof(value) <> 'null' then
    perform tidemark.malformed(what || ' is a snapshot.');
  end if;
  return null;
exception when data_exception then
  perform tidemark.malformed(what || ' is a snapshot.');
end $$;

create or replace function tidemark.to_names(value jsonb, what text) returns text[]
language plpgsql immutable as $$
begin
  if value is null or jsonb_typeof(value) = 'null' then
    return '{}';
  elsif jsonb_typeof(value) <> 'array' or jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string")') then
    perform tidemark.malformed(what || ' is a list of names.');
  elsif jsonb_array_length(value) > 1000 then
    perform tidemark.malformed(what || ' has more than 1,000 names.');
  end if;
  return array(select distinct on (name) name from jsonb_array_elements_text(value) with ordinality as one (name, place));
end $$;

create or replace function tidemark.pull_request(request jsonb) returns tidemark.pull_request
language plpgsql stable as $$
declare
  asked tidemark.pull_request;
  page jsonb := nullif(request -> 'page', 'null');
  size jsonb := coalesce(nullif(request -> 'limit', 'null'), '1000');
begin
  if request is null or jsonb_typeof(request) <> 'object' then
    perform tidemark.malformed('it is an object.');
  elsif jsonb_typeof(size) <> 'number' or size::numeric not between 1 and 5000 then
    perform tidemark.malformed('limit is between 1 and 5,000.');
  elsif jsonb_typeof(coalesce(nullif(request -> 'ranges', 'null'), '{}')) <> 'object' then
    perform tidemark.malformed('ranges is an object.');
  elsif jsonb_typeof(coalesce(nullif(request -> 'epoch', 'null'), '""')) <> 'string' then
    perform tidemark.malformed('epoch is a text.');
  end if;
  asked.cookie := tidemark.to_snapshot(request -> 'cookie', 'cookie');
  asked.names := tidemark.to_names(request -> 'tables', 'tables');
  asked.whole := tidemark.to_names(request -> 'full', 'full');
  asked.ranges := coalesce(nullif(request -> 'ranges', 'null'), '{}');
  asked.size := size::numeric::integer;
  asked.now := pg_current_snapshot();
  asked.first := asked.now;
  asked.edge := pg_snapshot_xmax(asked.now);
  asked.me := tidemark.caller();
  if page is not null then
    asked := tidemark.pull_page(asked, page);
  end if;
  return asked;
end $$;

-- Where the last page ended: { epoch, first, edge, table, stage, after: [xid, seq, key] }.
create or replace function tidemark.pull_page(asked tidemark.pull_request, page jsonb) returns tidemark.pull_request
language plpgsql stable as $$
begin
  asked.first := tidemark.to_snapshot(page -> 'first', 'page');
  asked.edge := (page ->> 'edge')::xid8;
  asked.at_table := page ->> 'table';
  asked.at_stage := page ->> 'stage';
  asked.after_xid := (page -> 'after' ->> 0)::xid8;
  asked.after_seq := (page -> 'after' ->> 1)::bigint;
  asked.after_key := coalesce(page -> 'after' -> 2, '[]');
  if asked.first is null or asked.at_stage is null or asked.after_xid is null or asked.after_seq is null or asked.edge is null
    or not asked.at_table = any (asked.names) or jsonb_typeof(asked.after_key) <> 'array' then
    perform tidemark.malformed('page is what the last answer gave.');
  end if;
  return asked;
exception when data_exception then
  perform tidemark.malformed('page is what the last answer gave.');
end $$;
