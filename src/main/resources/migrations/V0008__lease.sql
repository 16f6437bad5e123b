-- Who owns state that lives in memory. A lease counts as held as long as its holder has a row: one
-- statement a second keeps all the leases of a node.
CREATE TABLE lease_holder (
  node TEXT   NOT NULL PRIMARY KEY,
  -- raised by its node alone; one that others see standing still belongs to a node that is gone
  beat BIGINT NOT NULL
)${by_key};

CREATE TABLE lease (
  name  TEXT   NOT NULL PRIMARY KEY,
  node  TEXT   NOT NULL,
  -- which tenure this is; every write of an owner is made under it
  epoch BIGINT NOT NULL
)${by_key};

CREATE INDEX lease_of_node ON lease (node, name);
