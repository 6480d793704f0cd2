-- A batch that did not fit.
INSERT INTO generation (stage_key, prefill_length, decode_length, batch_size, protocol, precision,
                        tokens_per_second, max_memory_bytes, milliseconds, oom, floor_milliseconds,
                        conditions)
VALUES ('speed-done', 16, 112, 4096, 'optimised', 'fp32', 0, 0, '[]', true, 12.5,
        '{"cpu": "Xeon"}');
