"""Those who look after this Limber: accounts, who coaches whom, how the machine does. No diary."""
