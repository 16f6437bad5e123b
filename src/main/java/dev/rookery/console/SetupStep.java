package dev.rookery.console;

/** What a new server is set up with, in the order in which that is usually done. */
public enum SetupStep {
  /** There is, or was, an owner. */
  OWNER,
  /** A player beside the first one has signed in. */
  PLAYER,
  /** A player was online, which needs a socket. */
  SOCKET,
  /** Two players were in one lobby. */
  LOBBY,
  /** An email was accepted by the mail server, or in development by its stand-in. */
  EMAIL,
  /** A backup of the database was made. */
  BACKUP,
  /** An admin has a second factor. */
  FACTOR
}
