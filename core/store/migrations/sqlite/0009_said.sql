-- What each process, and each job of the timetable, said of itself last: who is alive, and how it goes.
CREATE TABLE said (name TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL);
