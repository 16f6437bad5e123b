package dev.rookery.console;

import dev.rookery.base.PlayerId;

/**
 * Failed sign-ins to the console with the account of one admin in the last day.
 *
 * @param failures at least {@value #SHOWN_FROM}
 */
public record FailedSignIns(
    PlayerId player, String displayName, long failures, long firstMs, long lastMs) {
  /** From how many on owners are told. */
  public static final int SHOWN_FROM = 10;
}
