module corpus/programs

go 1.22
