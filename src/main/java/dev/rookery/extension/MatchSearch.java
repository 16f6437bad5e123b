package dev.rookery.extension;

import java.time.Duration;

/**
 * Why a ticket has not been matched yet.
 *
 * @param found how many compatible players there are, those of the ticket included
 * @param needed how many the whole match has
 */
public record MatchSearch(String ticket, Duration waited, int found, int needed) {}
