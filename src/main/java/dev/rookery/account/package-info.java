/** Operations on a player that span all domains. It comes last in the order of domains. */
@NullMarked
package dev.rookery.account;

import org.jspecify.annotations.NullMarked;
