module antiraid/services/lab

go 1.26.0

replace antiraid/shared => ../../shared

require antiraid/shared v0.0.0
