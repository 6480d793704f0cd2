-- Workers that serve queues.
INSERT INTO worker (id, name, host, pid, queues, device, threads, place, code_version, started_at,
                    seen_at, stopped_at)
VALUES ('a/7/0/gpu', 'gpu', 'a', 7, '{workflows,data,device}', 'cuda:0', 8, '3f9a01c2', '0.1.0',
        '2026-01-01 12:00:00+00', '2026-01-01 12:30:00+00', '2026-01-01 12:30:01+00');
