package dev.rookery.party;

/** What is counted as a metric; the lower-case names are the values of its tag. */
enum PartyChange {
  CREATED,
  DISBANDED,
  JOINED,
  LEFT,
  KICKED,
  INVITED,
  ACCEPTED,
  DECLINED,
  CANCELLED
}
