-- What is too old is found every few seconds. On SQLite ids ascend with time and nothing is needed.
${outbox_by_age}
