-- One that went on with other threads.
UPDATE run SET allow_inexact = true WHERE id = 'timed';
INSERT INTO finding (stage_key, attempt, subject, message)
VALUES ('train-timed', 1, 'inexact', 'planned for 2 threads, computed with 8 from step 100 on');
