-- Who may do what in a database that a team shares: the owner of the tables migrates, a worker and an
-- operator write rows, a reader reads. docs/security.md says how they are set up.

CREATE TABLE permission (
    relation   text NOT NULL,
    role       text NOT NULL CHECK (role IN ('pawl_worker', 'pawl_operator')),
    privileges text NOT NULL
               CHECK (privileges ~ '^(INSERT|UPDATE|DELETE)(, (INSERT|UPDATE|DELETE))*$'),
    PRIMARY KEY (relation, role)
);
COMMENT ON TABLE permission IS
    'What a role may do with a table beside reading it; grant_roles() makes it so. A migration that'
    ' brings a table says here who writes it.';
COMMENT ON COLUMN permission.relation IS 'Name of the table.';
COMMENT ON COLUMN permission.role IS
    'pawl_worker, which does stages, or pawl_operator, which asks for runs and steers them.';
COMMENT ON COLUMN permission.privileges IS 'INSERT, UPDATE and DELETE, those that it has.';

INSERT INTO permission (relation, role, privileges) VALUES
    -- What a worker does to the work that others have asked for.
    ('run',                 'pawl_worker',   'UPDATE'),
    ('run_rest',            'pawl_worker',   'INSERT'),
    ('stage',               'pawl_worker',   'UPDATE'),
    ('attempt',             'pawl_worker',   'INSERT, UPDATE'),
    ('attempt_segment',     'pawl_worker',   'INSERT, UPDATE'),
    ('environment',         'pawl_worker',   'INSERT'),
    ('artifact',            'pawl_worker',   'INSERT, UPDATE'),
    ('metric',              'pawl_worker',   'INSERT, DELETE'),
    ('metric_last',         'pawl_worker',   'INSERT, UPDATE, DELETE'),
    ('checkpoint',          'pawl_worker',   'INSERT, UPDATE, DELETE'),
    ('skipped_range',       'pawl_worker',   'INSERT, DELETE'),
    ('finding',             'pawl_worker',   'INSERT'),
    ('evaluation',          'pawl_worker',   'INSERT, UPDATE'),
    ('evaluation_document', 'pawl_worker',   'INSERT'),
    ('generation',          'pawl_worker',   'INSERT, UPDATE'),
    ('sweep',               'pawl_worker',   'UPDATE'),
    ('asha',                'pawl_worker',   'UPDATE'), -- Locks its rows, and changes none.
    ('asha_decision',       'pawl_worker',   'INSERT'),
    ('asha_result',         'pawl_worker',   'INSERT'),
    -- What an operator asks for, wishes of runs, and throws away with retry.
    ('experiment',          'pawl_operator', 'INSERT, UPDATE'),
    ('run',                 'pawl_operator', 'INSERT, UPDATE'),
    ('run_rest',            'pawl_operator', 'INSERT'),
    ('stage',               'pawl_operator', 'INSERT, UPDATE'),
    ('run_stage',           'pawl_operator', 'INSERT, UPDATE'),
    ('attempt_segment',     'pawl_operator', 'UPDATE'),
    ('metric',              'pawl_operator', 'DELETE'),
    ('metric_last',         'pawl_operator', 'INSERT, UPDATE, DELETE'),
    ('checkpoint',          'pawl_operator', 'DELETE'),
    ('finding',             'pawl_operator', 'DELETE'),
    ('sweep',               'pawl_operator', 'INSERT, UPDATE'),
    ('asha',                'pawl_operator', 'INSERT, UPDATE'),
    ('asha_rung',           'pawl_operator', 'INSERT'),
    ('asha_trial',          'pawl_operator', 'INSERT');

-- Roles belong to the server, not to a database: another database of it may have made them, and not
-- every owner may. So this can be called again, as grant_reader() can.
CREATE FUNCTION grant_roles() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    place   regnamespace := current_schema()::regnamespace;
    who     text;
    missing text[] := '{}';
    may     record;
BEGIN
    -- One after the other, and not beside grant_reader(): two that grant on one table at once fail.
    PERFORM pg_advisory_xact_lock(hashtextextended('pawl_reader', 0));
    FOREACH who IN ARRAY ARRAY['pawl_worker', 'pawl_operator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = who) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', who);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN
                    NULL; -- Another database of the server was faster.
                WHEN insufficient_privilege THEN
                    missing := missing || who;
            END;
        END IF;
    END LOOP;
    IF missing <> '{}' THEN
        RETURN format('%I may not create roles: let somebody who may run CREATE ROLE %s; then run'
                      ' ''pawl migrate'' as %I again',
                      current_user, array_to_string(missing, '; CREATE ROLE '), current_user);
    END IF;
    -- Until version 15 of PostgreSQL everybody could make tables here.
    IF EXISTS (SELECT FROM pg_namespace WHERE oid = place AND pg_has_role(nspowner, 'USAGE')) THEN
        EXECUTE format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC', place);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO pawl_worker, pawl_operator', place);
    FOR may IN
        SELECT c.oid::regclass AS relation, c.relkind, role.name AS role, p.privileges
          FROM pg_class c
         CROSS JOIN (VALUES ('pawl_worker'), ('pawl_operator')) AS role (name)
          LEFT JOIN permission p ON p.relation = c.relname AND p.role = role.name
         WHERE c.relnamespace = place AND c.relkind IN ('r', 'v', 'p', 'm')
           AND pg_has_role(c.relowner, 'USAGE')
    LOOP
        -- What is there and not said to be needed is taken back.
        EXECUTE format('REVOKE ALL ON %s FROM %I', may.relation, may.role);
        EXECUTE format('GRANT %s ON %s TO %I',
                       concat_ws(', ', 'SELECT', may.privileges), may.relation, may.role);
    END LOOP;
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %s GRANT SELECT ON TABLES TO pawl_worker,'
                   ' pawl_operator', place);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION grant_roles() FROM PUBLIC;
COMMENT ON FUNCTION grant_roles() IS
    'Makes the roles pawl_worker and pawl_operator, which read everything and write what the table'
    ' permission says; says what is in the way, or null.';
SELECT grant_roles();
