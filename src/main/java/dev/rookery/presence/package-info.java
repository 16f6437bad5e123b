/** Who is here, derived from connections, each with its node. */
@NullMarked
package dev.rookery.presence;

import org.jspecify.annotations.NullMarked;
