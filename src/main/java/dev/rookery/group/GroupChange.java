package dev.rookery.group;

/** What is counted as a metric; the lower-case names are the values of its tag. */
enum GroupChange {
  CREATED,
  UPDATED,
  CLOSED,
  JOINED,
  LEFT,
  KICKED,
  PROMOTED,
  DEMOTED,
  REQUESTED,
  REQUEST_APPROVED,
  REQUEST_REJECTED,
  REQUEST_CANCELLED,
  INVITED,
  INVITE_ACCEPTED,
  INVITE_DECLINED,
  INVITE_CANCELLED,
  NOTIFIED
}
