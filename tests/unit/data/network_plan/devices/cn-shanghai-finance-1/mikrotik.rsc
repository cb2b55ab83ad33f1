# ACK Edge network plan: Static routes, MikroTik RouterOS
# Site dc-shanghai, cluster in cn-shanghai-finance-1. Lists, objects and rules of this plan begin with ACK-EDGE-5E4D.
# These lines only add: none of them replaces or removes a list, a policy or a rule that exists.
# Enter the lines of the part Add; lines that begin with # are for people.
# Enter in a terminal, or import the file. RouterOS saves at once.
# A route that another plan of this site has as well is gone for both once it is taken out.
# plan.md says what each hop needs, and lists 16 open items.
#
# === Add ===
/ip route add dst-address=100.100.0.54/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.2.136/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.2.138/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.9.9/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.9.10/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.36.8/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.36.24/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.100.80.227/32 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=100.115.105.0/24 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip route add dst-address=192.168.0.0/16 gateway=10.255.0.1 distance=150 routing-table=EDGE comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.0.54/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.2.136/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.2.138/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.9.9/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.9.10/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.36.8/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.36.24/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.100.80.227/32 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=100.115.105.0/24 comment=ACK-EDGE-5E4D
/ip firewall address-list add list=ACK-EDGE-5E4D-V4 address=192.168.0.0/16 comment=ACK-EDGE-5E4D
#
# === Show === Run these before as well: nothing of this plan may be there yet.
# /ip route print where comment=ACK-EDGE-5E4D
# /ip firewall address-list print where list=ACK-EDGE-5E4D-V4
#
# === Take out === Exactly what the first part added.
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.0.54/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.2.136/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.2.138/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.9.9/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.9.10/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.36.8/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.36.24/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.100.80.227/32]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=100.115.105.0/24]
# /ip route remove [find comment=ACK-EDGE-5E4D dst-address=192.168.0.0/16]
# /ip firewall address-list remove [find list=ACK-EDGE-5E4D-V4]
