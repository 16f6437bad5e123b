-- Texts of pages and emails that admins have edited, in place of those of the catalogues.
CREATE TABLE translation (
  language   TEXT   NOT NULL,
  -- made of the context and the English text
  text_id    TEXT   NOT NULL,
  -- a JSON array with one text for each plural form
  forms      TEXT   NOT NULL,
  updated_ms BIGINT NOT NULL,
  revision   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (language, text_id)
);

-- Its row, the only one, counts the changes of all texts, so that nodes see cheaply whether there was one.
CREATE TABLE translation_change (
  one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  revision BIGINT  NOT NULL
);
