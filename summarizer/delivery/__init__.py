"""Where a briefing goes once it is made: folders, standard output, mail, channels."""
